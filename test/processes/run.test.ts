import { AsyncLocalStorage, createHook } from 'node:async_hooks'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ownProcesses } from '../../src/processes/own-processes.ts'
import { run, type Ended, type RunOptions } from '../../src/processes/run.ts'
import { writeProgram } from '../kernel-unit/fake-kernel.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const env = { PATH: '/usr/bin:/bin' }
const apart = (await ownProcesses()).length > 0

interface Started {
  readonly folder: string
  readonly ended: Promise<Ended>
  readonly lines: string[]
  readonly controller: AbortController
}

function start(script: string, args: readonly string[] = [], options: Partial<RunOptions> = {}): Started {
  const folder = temporaryFolder()
  const program = join(folder, 'program')
  writeProgram(program, script)
  const lines: string[] = []
  const controller = new AbortController()
  const onLine = (line: string, stream: string): void => {
    lines.push(`${stream} ${line}`)
  }
  const ended = run({ program, args, cwd: folder, env }, { signal: controller.signal, onLine, ...options })
  return { folder, ended, lines, controller }
}

/** True for a process that runs; one that has ended and waits for its parent to notice does not. */
function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited too long')
    await delay(20)
  }
}

function pidIn(file: string): number {
  return Number(readFileSync(file, 'utf8'))
}

it('nothing keeps a process waiting when its program has ended', async () => {
  const ours = new AsyncLocalStorage<true>()
  const timers: NodeJS.Timeout[] = []
  const hook = createHook({
    init(_id, kind, _cause, resource) {
      if (kind === 'Timeout' && ours.getStore()) timers.push(resource as NodeJS.Timeout)
    },
  }).enable()
  await ours.run(true, () => start('echo line').ended)
  hook.disable()
  expect(timers.length).toBeGreaterThan(0)
  expect(timers.filter((timer) => timer.hasRef())).toEqual([])
})

describe('run', () => {
  it('hands arguments on as they are: no shell reads them', async () => {
    const args = ['$(touch hit)', '; touch hit', 'a  b', '*', '`touch hit`', '', "it's"]
    const { folder, ended, lines } = start('for arg; do echo "[$arg]"; done', args)
    expect(await ended).toEqual({ kind: 'exited', code: 0, forced: false })
    expect(lines).toEqual(args.map((arg) => `stdout [${arg}]`))
    expect(existsSync(join(folder, 'hit'))).toBe(false)
  })

  it('gives the program the environment it was told and no other', async () => {
    vi.stubEnv('KABI_TEST_SECRET', 'secret')
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    const { ended, lines } = start('env')
    await ended
    const names = lines.map((line) => line.replace(/^stdout (\w+)=.*/, '$1'))
    expect(names.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name)).sort()).toEqual([
      'KABI_GATE_RUN',
      'PATH',
    ])
  })

  it('gives the program nothing to read', async () => {
    const { ended, lines } = start('cat; echo "end of input"')
    expect(await ended).toMatchObject({ code: 0 })
    expect(lines).toEqual(['stdout end of input'])
  })

  it('tells the exit code and both kinds of output, to the last line', async () => {
    const { ended, lines } = start('echo out; echo err >&2; printf "no line end"; exit 7')
    expect(await ended).toEqual({ kind: 'exited', code: 7, forced: false })
    expect(lines.sort()).toEqual(['stderr err', 'stdout no line end', 'stdout out'])
  })

  it('tells a program that was killed by somebody else from one that ended', async () => {
    const { ended } = start('kill -KILL $$')
    expect(await ended).toEqual({ kind: 'killed', signal: 'SIGKILL' })
  })

  it.runIf(apart)(
    'gives a program that the tree has a say in process numbers of its own, by whatever name',
    async () => {
      const folder = temporaryFolder()
      writeProgram(join(folder, 'program'), 'ls -d /proc/[0-9]* | wc -l')
      const signal = new AbortController().signal
      for (const program of ['program', './program', join(folder, 'program')]) {
        const lines: string[] = []
        const command = { program, args: [], cwd: folder, env: { PATH: `${folder}:${env.PATH}` } }
        const options = { signal, onLine: (line: string) => lines.push(line) }
        expect(await run({ ...command, untrusted: true }, options)).toMatchObject({ kind: 'exited', code: 0 })
        expect(Number(lines[0]), program).toBeLessThan(10)
      }
    },
  )

  it('tells a program that is not there from one that may not be executed', async () => {
    const folder = temporaryFolder()
    const options = { signal: new AbortController().signal, onLine: () => undefined }
    const command = { args: [], cwd: folder, env }
    expect(await run({ ...command, program: 'kabi-no-such-program' }, options)).toEqual({
      kind: 'not-started',
      code: 'ENOENT',
    })
    writeFileSync(join(folder, 'text'), 'text')
    expect(await run({ ...command, program: join(folder, 'text') }, options)).toEqual({
      kind: 'not-started',
      code: 'EACCES',
    })
  })

  it('starts nothing when it was stopped before', async () => {
    const folder = temporaryFolder()
    writeProgram(join(folder, 'program'), 'touch hit')
    const options = { signal: AbortSignal.abort(), onLine: () => undefined }
    const ended = await run({ program: join(folder, 'program'), args: [], cwd: folder, env }, options)
    expect(ended).toEqual({ kind: 'interrupted', forced: false })
    expect(existsSync(join(folder, 'hit'))).toBe(false)
  })

  it('ends children and their children when it is stopped', async () => {
    const script = 'sh -c "sleep 300 & echo \\$! >grandchild; wait" & echo $! >child; wait'
    const { folder, ended, controller } = start(script)
    const files = [join(folder, 'child'), join(folder, 'grandchild')]
    await until(() => files.every((file) => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')))
    const pids = files.map(pidIn)
    expect(pids.map(isRunning)).toEqual([true, true])
    const stopped = Date.now()
    controller.abort()
    expect(await ended).toMatchObject({ kind: 'interrupted' })
    expect(pids.map(isRunning)).toEqual([false, false])
    expect(Date.now() - stopped).toBeLessThan(8_000)
  })

  it('lets a program clean up when it is stopped', async () => {
    const script = `trap 'sleep 0.3; touch cleaned; exit 1' TERM; touch ready; while :; do sleep 0.05; done`
    const { folder, ended, controller } = start(script)
    await until(() => existsSync(join(folder, 'ready')))
    controller.abort()
    expect(await ended).toEqual({ kind: 'interrupted', forced: false })
    expect(existsSync(join(folder, 'cleaned'))).toBe(true)
  })

  it('kills what does not listen, and says so', async () => {
    const script = `trap '' TERM; echo $$ >pid; touch ready; while :; do sleep 0.05; done`
    const { folder, ended, controller } = start(script, [], { graceMs: 200 })
    await until(() => existsSync(join(folder, 'ready')))
    controller.abort()
    expect(await ended).toEqual({ kind: 'interrupted', forced: true })
    expect(isRunning(pidIn(join(folder, 'pid')))).toBe(false)
  })

  it('ends what a program leaves behind when it exits', async () => {
    const { folder, ended } = start('sleep 300 & echo $! >pid; exit 0')
    expect(await ended).toMatchObject({ kind: 'exited', code: 0 })
    expect(isRunning(pidIn(join(folder, 'pid')))).toBe(false)
  })

  it('does not wait for a daemon that keeps the output open', async () => {
    const { folder, ended, lines } = start(
      'setsid sh -c "echo \\$\\$ >pid; sleep 300" & sleep 0.3; echo done',
    )
    const started = Date.now()
    expect(await ended).toMatchObject({ kind: 'exited', code: 0 })
    process.kill(-pidIn(join(folder, 'pid')), 'SIGKILL')
    expect(lines).toEqual(['stdout done'])
    expect(Date.now() - started).toBeLessThan(5_000)
  })

  it('ends the program and throws when its output cannot be taken', async () => {
    const onLine = (): void => {
      throw new Error('the disk is full')
    }
    const { folder, ended } = start('echo $$ >pid; echo line; sleep 300', [], { onLine })
    await expect(ended).rejects.toThrow('the disk is full')
    expect(isRunning(pidIn(join(folder, 'pid')))).toBe(false)
  })

  it('takes a lot of output completely', async () => {
    let count = 0
    const { ended } = start('seq 1 300000', [], { onLine: () => count++ })
    await ended
    expect(count).toBe(300_000)
  })

  it('leaves no program behind when this process is killed: its next line is its last', async () => {
    const folder = temporaryFolder()
    writeProgram(join(folder, 'program'), 'echo $$ >pid; while :; do echo line; sleep 0.05; done')
    const source = `
      import { run } from '${new URL('../../src/processes/run.ts', import.meta.url).href}'
      const options = { signal: new AbortController().signal, onLine: () => undefined }
      void run({ program: './program', args: [], cwd: ${JSON.stringify(folder)}, env: ${JSON.stringify(env)} }, options)`
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source])
    onTestFinished(() => void parent.kill('SIGKILL'))
    const file = join(folder, 'pid')
    await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'))
    expect(isRunning(pidIn(file))).toBe(true)
    parent.kill('SIGKILL')
    await until(() => !isRunning(pidIn(file)))
  })
})
