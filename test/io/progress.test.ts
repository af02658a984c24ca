import { describe, expect, it } from 'vitest'
import { showProgress } from '../../src/io/progress-display.ts'
import { progressLine } from '../../src/io/progress-line.ts'
import type { Progress } from '../../src/kernel/progress.ts'

const building: Progress = {
  variant: 'x86_64',
  phase: 'build',
  done: 311,
  total: 735,
  item: 'net/core/dev.o',
}

describe('progressLine', () => {
  it.each<[string, Progress, number, string]>([
    [
      'a bar, the rate and the file',
      building,
      100,
      'x86_64 building [##########--------------] 311/735 objects, 3.1/s, net/core/dev.o',
    ],
    [
      'no rate before there is one',
      building,
      0.2,
      'x86_64 building [##########--------------] 311/735 objects, net/core/dev.o',
    ],
    ['no bar without a total', { variant: 'v', phase: 'build', done: 3 }, 10, 'v building 3 objects, 0.3/s'],
    ['a phase without objects', { variant: 'v', phase: 'configure', done: 0 }, 10, 'v configuring'],
    [
      'a full bar, never more',
      { variant: 'v', phase: 'build', done: 9, total: 8 },
      0,
      'v building [########################] 9/8 objects',
    ],
  ])('shows %s', (_, progress, seconds, line) => {
    expect(progressLine(progress, seconds, 110)).toBe(line)
  })

  it('fits the terminal', () => {
    expect(progressLine(building, 100, 40)).toHaveLength(40)
  })
})

describe('showProgress', () => {
  /** A log: every write is a line. */
  function log(): { readonly lines: string[]; readonly stream: NodeJS.WriteStream } {
    const lines: string[] = []
    const stream = {
      isTTY: false,
      write: (text: string) => lines.push(text),
    } as unknown as NodeJS.WriteStream
    return { lines, stream }
  }

  it('writes each phase once into a log, and then a line every thirty seconds', () => {
    const { lines, stream } = log()
    let time = 0
    const { update, end } = showProgress(stream, () => time)
    update({ variant: 'v', phase: 'configure', done: 0 })
    for (let done = 0; done <= 70; done++) {
      time = 1000 * done
      update({ variant: 'v', phase: 'build', done, total: 100 })
    }
    end()
    expect(lines.map((line) => line.trim())).toEqual([
      'v configuring',
      'v building [------------------------] 0/100 objects',
      'v building [#######-----------------] 30/100 objects, 1.0/s',
      'v building [##############----------] 60/100 objects, 1.0/s',
    ])
  })
})
