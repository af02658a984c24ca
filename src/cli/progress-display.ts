import type { Phase, Progress } from '../kernel/progress.ts'
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
  readonly phase: Phase
  readonly phaseStart: number
  readonly line: string
  /** When the line last went into the log. */
  readonly logged: number
}

/**
 * Shows progress on a stream: on a terminal a line for each variant at work and one for all of them, which move;
 * elsewhere sparse lines.
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
  return {
    update: (progress) => {
      const { variant, phase } = progress
      const time = now()
      const shown = variants.get(variant)
      const entered = shown?.phase !== phase
      const phaseStart = entered ? time : shown.phaseStart
      const line = progressLine(progress, (time - phaseStart) / 1000, stream.isTTY ? stream.columns : 110)
      const due = entered || time - shown.logged >= logInterval
      if (phase === 'finished' || phase === 'failed') {
        variants.delete(variant)
        overall = progress.total === 1 ? [] : [line]
      } else variants.set(variant, { phase, phaseStart, line, logged: due ? time : shown.logged })
      if (!bars) {
        if (due) stream.write(line + '\n')
      } else if (entered || time - drawn >= redrawInterval) {
        drawn = time
        bars([...[...variants.values()].map((one) => one.line), ...overall].join('\n'))
      }
    },
    end: () => bars?.clear(),
  }
}
