import { describe, expect, it } from 'vitest'
import { showProgress } from '../../src/cli/progress-display.ts'
import { progressLine } from '../../src/cli/progress-line.ts'
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

  it('writes each phase once into a log, and then a line every thirty seconds', async () => {
    const { lines, stream } = log()
    let time = 0
    const { update, end } = await showProgress(stream, () => time)
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
  it('keeps the phases of variants that work side by side apart', async () => {
    const { lines, stream } = log()
    const { update } = await showProgress(stream, () => 0)
    update({ variant: 'a', phase: 'configure', done: 0 })
    update({ variant: 'b', phase: 'configure', done: 0 })
    update({ variant: 'a', phase: 'configure', done: 0 })
    update({ variant: 'b', phase: 'configure', done: 0 })
    update({ variant: 'b', phase: 'failed', done: 1, total: 2 })
    update({ variant: 'a', phase: 'finished', done: 2, total: 2 })
    expect(lines.map((line) => line.trim())).toEqual([
      'a configuring',
      'b configuring',
      'b failed, 1 of 2 variants',
      'a finished, 2 of 2 variants',
    ])
  })

  it('draws a line for each variant at work and one for all, and clears them at the end', async () => {
    const writes: string[] = []
    const stream = { isTTY: true, columns: 80, rows: 24, write: (text: string) => writes.push(text) }
    const { update, end } = await showProgress(stream as unknown as NodeJS.WriteStream, () => 0)
    // The terminal is told only what changes, so the lines that stand are gathered from all writes.
    update({ variant: 'a', phase: 'configure', done: 0 })
    update({ variant: 'b', phase: 'prepare', done: 0 })
    expect(writes.join('')).toMatch(/a configuring[^]*b preparing/)
    update({ variant: 'a', phase: 'finished', done: 1, total: 2 })
    expect(writes.at(-1)).toContain('a finished, 1 of 2 variants')
    const before = writes.length
    end()
    expect(writes.length).toBeGreaterThan(before)
  })
})
