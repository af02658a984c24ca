import type { Progress } from '../kernel/progress.ts'
import { progressLine } from './progress-line.ts'

/** Bars move at most this often, a variant's lines of a log come at most this often; milliseconds. */
const redrawInterval = 100
const logInterval = 30_000

interface ProgressDisplay {
  readonly update: (progress: Progress) => void
  /** Clears the bars; lines of a log stay. */
  readonly end: () => void
}

/** A variant at work. */
interface Shown {
  readonly progress: Progress
  readonly phaseStart: number
  /** When the line last went into the log. */
  readonly logged: number
}

/**
 * Shows progress on a stream: on a terminal a line for each variant at work and one for all of them, which move;
 * elsewhere sparse lines. That a search goes on elsewhere stays on both.
 */
export async function showProgress(
  stream: NodeJS.WriteStream,
  now = () => performance.now(),
): Promise<ProgressDisplay> {
  // Loaded for a terminal only: it takes a tenth of the time that a command takes to start.
  const bars = stream.isTTY ? (await import('log-update')).createLogUpdate(stream) : undefined
  const variants = new Map<string, Shown>()
  let overall: readonly string[] = []
  let drawn = -redrawInterval
  const width = (): number => (stream.isTTY ? stream.columns : 110)
  const lineOf = ({ progress, phaseStart }: Shown, time: number): string =>
    progressLine(progress, (time - phaseStart) / 1000, width())
  const draw = (): void => {
    drawn = now()
    bars?.([...[...variants.values()].map((one) => lineOf(one, drawn)), ...overall].join('\n'))
  }
  const keep = (line: string): void => {
    bars?.clear()
    stream.write(line + '\n')
  }
  // The seconds of a phase go on where nothing else moves.
  const clock = bars && setInterval(draw, 1000).unref()
  return {
    update: (progress) => {
      const { variant, phase } = progress
      const time = now()
      if (phase === 'widen') {
        keep(progressLine(progress, 0, bars ? Infinity : 200))
        if (bars) draw()
        return
      }
      const shown = variants.get(variant)
      const entered = shown?.progress.phase !== phase
      const phaseStart = entered ? time : shown.phaseStart
      const due = entered || time - shown.logged >= logInterval
      const next = { progress, phaseStart, logged: due ? time : shown.logged }
      if (phase === 'finished' || phase === 'failed') {
        variants.delete(variant)
        overall = progress.total === 1 ? [] : [lineOf(next, time)]
      } else variants.set(variant, next)
      if (!bars) {
        if (due) stream.write(lineOf(next, time) + '\n')
      } else if (entered || time - drawn >= redrawInterval) draw()
    },
    end: () => {
      clearInterval(clock)
      bars?.clear()
    },
  }
}
