import { createLogUpdate } from 'log-update'
import type { Progress } from '../kernel/progress.ts'
import { progressLine } from './progress-line.ts'

/** A bar moves at most this often, a log grows at most this often; milliseconds. */
const redrawInterval = 100
const logInterval = 30_000

export interface ProgressDisplay {
  readonly update: (progress: Progress) => void
  /** Clears the bar; lines of a log stay. */
  readonly end: () => void
}

/** Shows progress on a stream: a bar that moves on a terminal, sparse lines elsewhere. */
export function showProgress(stream: NodeJS.WriteStream, now = () => performance.now()): ProgressDisplay {
  const bar = stream.isTTY ? createLogUpdate(stream) : undefined
  const interval = bar ? redrawInterval : logInterval
  let phase = ''
  let phaseStart = 0
  let lastShown = 0
  return {
    update: (progress) => {
      const time = now()
      const entered = `${progress.variant} ${progress.phase}`
      if (entered === phase && time - lastShown < interval) return
      if (entered !== phase) phaseStart = time
      phase = entered
      lastShown = time
      const line = progressLine(progress, (time - phaseStart) / 1000, stream.isTTY ? stream.columns : 110)
      if (bar) bar(line)
      else stream.write(line + '\n')
    },
    end: () => bar?.clear(),
  }
}
