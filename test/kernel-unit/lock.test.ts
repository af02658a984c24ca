import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Problem } from '../../src/problem/problem.ts'
import { takeLock, type Lock } from '../../src/kernel/lock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function held(lock: Lock | Problem): Lock {
  if ('kind' in lock) throw new Error(lock.message)
  return lock
}

describe('takeLock', () => {
  it('refuses a second holder and names the first', async () => {
    const path = join(temporaryFolder(), 'lock')
    held(await takeLock(path))
    expect(await takeLock(path)).toMatchObject({ kind: 'busy', place: { file: path } })
    expect(await takeLock(path)).toHaveProperty('message', expect.stringContaining(String(process.pid)))
  })

  it('is free again after release, and leaves no other file', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'lock')
    await held(await takeLock(path)).release()
    expect(existsSync(path)).toBe(false)
    held(await takeLock(path))
    expect(readdirSync(folder)).toEqual(['lock'])
  })

  it('takes over from one that broke off while it took over', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'lock')
    // No process has this number.
    const gone = '{"pid":4194305,"started":"1"}'
    for (const name of ['lock', 'lock.takeover']) writeFileSync(join(folder, name), gone)
    held(await takeLock(path))
    expect(readdirSync(folder)).toEqual(['lock'])
  })

  it('gives one of many at once the lock', async () => {
    const path = join(temporaryFolder(), 'lock')
    const all = await Promise.all(Array.from({ length: 20 }, () => takeLock(path)))
    expect(all.filter((lock) => 'release' in lock)).toHaveLength(1)
  })

  it('gives one of many at once a lock that a dead process left', async () => {
    const folder = temporaryFolder()
    for (let round = 0; round < 10; round++) {
      const path = join(folder, String(round))
      writeFileSync(path, '{"pid":4194304,"started":"1"}')
      const all = await Promise.all(Array.from({ length: 20 }, () => takeLock(path)))
      expect(all.filter((lock) => 'release' in lock)).toHaveLength(1)
    }
  })

  it.each(['', 'half a li', '{"pid":1'])('takes over a lock file that holds %j', async (text) => {
    const path = join(temporaryFolder(), 'lock')
    writeFileSync(path, text)
    held(await takeLock(path))
  })

  it('respects a living process and takes over when its number now belongs to another', async () => {
    const path = join(temporaryFolder(), 'lock')
    const child = spawn('sleep', ['60'])
    onTestFinished(() => void child.kill())
    await once(child, 'spawn')
    const stat = readFileSync(`/proc/${child.pid ?? 0}/stat`, 'utf8')
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    writeFileSync(path, JSON.stringify({ pid: child.pid, started }))
    expect(await takeLock(path)).toMatchObject({ kind: 'busy' })
    writeFileSync(path, JSON.stringify({ pid: child.pid, started: '1' }))
    held(await takeLock(path))
  })
})
