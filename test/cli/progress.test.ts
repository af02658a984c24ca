import { describe, expect, it, onTestFinished, vi } from 'vitest'
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
      'x86_64 building [##########--------------] 311/735 objects, 3.1/s, 100 s, net/core/dev.o',
    ],
    [
      'no rate before there is one',
      building,
      0.2,
      'x86_64 building [##########--------------] 311/735 objects, net/core/dev.o',
    ],
    [
      'no bar without a total',
      { variant: 'v', phase: 'build', done: 3 },
      10,
      'v building 3 objects, 0.3/s, 10 s',
    ],
    ['a phase without objects', { variant: 'v', phase: 'configure', done: 0 }, 10, 'v configuring, 10 s'],
    ['no second before it has passed', { variant: 'v', phase: 'prepare', done: 0 }, 0.9, 'v preparing'],
    [
      'a full bar, never more',
      { variant: 'v', phase: 'build', done: 9, total: 8 },
      0,
      'v building [########################] 9/8 objects',
    ],
  ])('shows %s', (_, progress, seconds, line) => {
    expect(progressLine(progress, seconds, 110)).toBe(line)
  })

  it.each<[Progress, string]>([
    [
      { variant: 'v', phase: 'widen', done: 212, missing: ['flush_all'] },
      'v searching the whole tree for flush_all: not exported by the 212 objects looked into so far',
    ],
    [
      { variant: 'v', phase: 'widen', done: 212, total: 9812, missing: ['flush_all', 'a', 'b'] },
      'v searching 9812 more objects for flush_all and 2 more: not exported by the 212 objects looked into so far',
    ],
  ])('says where a search goes on, and for which symbol', (progress, line) => {
    expect(progressLine(progress, 5, 200)).toBe(line)
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
      'v building [#######-----------------] 30/100 objects, 1.0/s, 30 s',
      'v building [##############----------] 60/100 objects, 1.0/s, 60 s',
    ])
  })
  it('says in a log and on a terminal that a search goes on, and the phase is the same afterwards', async () => {
    const widen: Progress = { variant: 'v', phase: 'widen', done: 3, total: 9, missing: ['lost'] }
    const { lines, stream } = log()
    const logged = await showProgress(stream, () => 0)
    for (const phase of ['evaluate', 'widen', 'evaluate'] as const)
      logged.update(phase === 'widen' ? widen : { variant: 'v', phase, done: 0 })
    expect(lines.map((line) => line.split(':')[0]?.trim())).toEqual([
      'v computing checksums 0 objects',
      'v searching 9 more objects for lost',
    ])
    const writes: string[] = []
    const terminal = { isTTY: true, columns: 80, rows: 24, write: (text: string) => writes.push(text) }
    const { update, end } = await showProgress(terminal as unknown as NodeJS.WriteStream, () => 0)
    update(widen)
    end()
    expect(writes.join('')).toContain(
      'v searching 9 more objects for lost: not exported by the 3 objects looked into so far\n',
    )
  })

  it('counts the seconds of a phase on a terminal in which nothing else moves', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const writes: string[] = []
    const stream = { isTTY: true, columns: 80, rows: 24, write: (text: string) => writes.push(text) }
    let time = 0
    const { update, end } = await showProgress(stream as unknown as NodeJS.WriteStream, () => time)
    update({ variant: 'v', phase: 'prepare', done: 0 })
    time = 7000
    vi.advanceTimersByTime(1000)
    expect(writes.join('')).toContain(', 7 s')
    end()
    const before = writes.length
    vi.advanceTimersByTime(5000)
    expect(writes).toHaveLength(before)
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
