import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runMain } from '../cli/run-main.ts'
import { buildingKernel, environmentOf } from './building-kernel.ts'

/** The number of a process that a build wrote down, once it did. */
async function pidIn(file: string): Promise<number> {
  for (let round = 0; round < 1500; round++) {
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
    if (text !== '') return Number(text)
    await delay(20)
  }
  throw new Error('the build did not start it')
}

function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

async function ends(pid: number): Promise<boolean> {
  for (let round = 0; round < 500 && isRunning(pid); round++) await delay(20)
  return !isRunning(pid)
}

describe('what a build leaves running', () => {
  it.each([
    ['in a session of its own', 'setsid sleep 300'],
    ['deaf to signals', `setsid sh -c 'trap "" TERM INT HUP; sleep 300'`],
    ['with children of its own', `setsid sh -c 'sleep 300 & sleep 300; :'`],
  ])('is ended before there is evidence: %s', async (_, program) => {
    const kernel = buildingKernel()
    const file = join(kernel.folder, 'pid')
    kernel.scenario(`prepare() { ${program} >/dev/null 2>&1 </dev/null & echo $! >${file}; }\n`)
    const output = join(kernel.folder, 'evidence')
    const args = [
      'collect',
      '--variant',
      'x86_64',
      '--output',
      output,
      '--work-dir',
      join(kernel.folder, 'work'),
    ]
    const { code } = await runMain(args, { cwd: kernel.source, env: environmentOf(kernel) })
    const pid = await pidIn(file)
    onTestFinished(() => {
      if (isRunning(pid)) process.kill(pid, 'SIGKILL')
    })
    expect(code).toBe(0)
    expect(isRunning(pid)).toBe(false)
  })
})

it('a compiler that hangs does not outlive a gate that is killed', async () => {
  const kernel = buildingKernel()
  const file = join(kernel.folder, 'pid')
  kernel.scenario(`prepare() { trap '' TERM HUP PIPE; echo $$ >${file}; sleep 300; }\n`)
  const gate = spawn(process.execPath, [resolve('dist/cli.js'), 'check'], {
    cwd: kernel.source,
    env: environmentOf(kernel),
    stdio: 'ignore',
  })
  const pid = await pidIn(file)
  gate.kill('SIGKILL')
  const ended = await ends(pid)
  if (!ended) process.kill(pid, 'SIGKILL')
  expect(ended).toBe(true)
})
