import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ownProcesses } from '../../src/processes/own-processes.ts'
import { runMain } from '../cli/run-main.ts'
import { buildingKernel, environmentOf } from './building-kernel.ts'

/** A command line that no other process has. */
let count = 0
const own = (): string => `${process.pid}${String(++count).padStart(4, '0')}`

/** Whether a process sleeps so many seconds; the build's own numbers may be others than those here. */
function sleeps(seconds: string): boolean {
  return pidsOf(seconds).length > 0
}

function pidsOf(seconds: string): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').startsWith(`sleep\0${seconds}\0`)
        ? [Number(name)]
        : []
    } catch {
      return []
    }
  })
}

async function until(condition: () => boolean): Promise<boolean> {
  for (let round = 0; round < 1500 && !condition(); round++) await delay(20)
  return condition()
}

const apart = (await ownProcesses()).length > 0

describe('what a build leaves running', () => {
  it.each([
    ['in a session of its own', 'setsid sleep', true],
    ['deaf to signals', `setsid sh -c 'trap "" TERM INT HUP; sleep "$1"' deaf`, true],
    ['with children of its own', `setsid sh -c 'sleep "$1" & sleep "$1"; :' parent`, true],
    // Where no process can be found by its mark, it takes process numbers of its own to find it.
    ['with another environment', 'env -i setsid sleep', apart],
  ])('is ended before there is evidence: %s', async (_, program, possible) => {
    const kernel = buildingKernel()
    const seconds = own()
    const begun = join(kernel.folder, 'begun')
    kernel.scenario(
      `prepare() { ${program} ${seconds} >/dev/null 2>&1 </dev/null & sleep 0.1; grep -ls "${seconds}" /proc/[0-9]*/cmdline >${begun}; }\n`,
    )
    onTestFinished(() => pidsOf(seconds).forEach((pid) => process.kill(pid, 'SIGKILL')))
    const output = join(kernel.folder, 'evidence')
    const work = join(kernel.folder, 'work')
    const args = ['collect', '--variant', 'x86_64', '--output', output, '--work-dir', work]
    const { code } = await runMain(args, { cwd: kernel.source, env: environmentOf(kernel) })
    expect(code).toBe(0)
    expect(readFileSync(begun, 'utf8')).not.toBe('')
    if (possible) expect(sleeps(seconds)).toBe(false)
  })
})

it.runIf(apart)('a build sees no process but its own', async () => {
  const kernel = buildingKernel()
  const seen = join(kernel.folder, 'seen')
  kernel.scenario(
    `prepare() { ls -d /proc/[0-9]* | wc -l >${seen}; kill -0 ${process.pid} && touch ${seen}-gate; :; }\n`,
  )
  const work = join(kernel.folder, 'work')
  const { code } = await runMain(['check', '--work-dir', work], {
    cwd: kernel.source,
    env: environmentOf(kernel),
  })
  expect(code).toBe(0)
  expect(Number(readFileSync(seen, 'utf8'))).toBeLessThan(10)
  expect(existsSync(`${seen}-gate`)).toBe(false)
})

it('a compiler that hangs does not outlive a gate that is killed', async () => {
  const kernel = buildingKernel()
  const seconds = own()
  kernel.scenario(`prepare() { trap '' TERM HUP PIPE; sleep ${seconds}; }\n`)
  onTestFinished(() => pidsOf(seconds).forEach((pid) => process.kill(pid, 'SIGKILL')))
  const gate = spawn(process.execPath, [resolve('dist/cli.js'), 'check'], {
    cwd: kernel.source,
    env: environmentOf(kernel),
    stdio: 'ignore',
  })
  expect(await until(() => sleeps(seconds))).toBe(true)
  gate.kill('SIGKILL')
  expect(await until(() => !sleeps(seconds))).toBe(true)
})
