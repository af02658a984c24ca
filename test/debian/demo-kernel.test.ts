import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fetchDemo, planDemo, type DemoRequest, type KernelDemo } from '../../src/debian/demo-kernel.ts'
import { content, fakeArchive } from './fake-archive.ts'
import { writeFiles } from '../support/workspace.ts'

function setUp() {
  const archive = fakeArchive()
  const { folder, session, shipped } = archive
  const request: DemoRequest = { ...session, version: undefined, cache: join(folder, 'cache'), shipped }
  const steps: string[] = []
  const plan = async (): Promise<KernelDemo> => {
    const { value, problems } = await planDemo(request)
    if (!value) throw new Error(JSON.stringify(problems))
    return value
  }
  const fetch = async () => fetchDemo(await plan(), session, (step) => steps.push(step))
  const home = join(folder, 'cache/demo/linux-6.1.176-1')
  const calls = (): string => readFileSync(join(folder, 'calls'), 'utf8')
  return { ...archive, request, plan, fetch, steps, home, calls }
}

describe('the plan of demo --kernel', () => {
  it('says what it will download, where, and what it will gate', async () => {
    const { plan, home, shipped, calls } = setUp()
    const demo = await plan()
    expect(demo).toMatchObject({
      offer: { version: '6.1.176-1' },
      folder: home,
      whitelist: { file: join(shipped, 'debian-12/amd64/kabi_whitelist'), symbols: 1 },
      packages: [
        { name: 'linux-source-6.1', present: false },
        { name: 'linux-headers-6.1.0-50-amd64', present: false },
      ],
    })
    expect(demo.disk.needed).toBeGreaterThan(1.5e9)
    expect(demo.tools).toEqual(
      expect.arrayContaining(['gcc', 'pahole', 'gelf.h', 'openssl/opensslv.h', 'xz']),
    )
    expect(calls()).not.toContain('-qq')
  })

  it('downloads nothing when a tool is missing, and gives the command that installs all of them', async () => {
    const { request, bin, calls } = setUp()
    const path = { ...request, env: { PATH: bin } }
    for (const name of ['pahole', 'flex']) rmSync(join(bin, name))
    const { value, problems } = await planDemo(path)
    expect(value).toBeUndefined()
    expect(problems).toMatchObject([{ kind: 'missing-tool', advice: 'sudo apt-get install flex dwarves' }])
    expect(problems[0]?.message).toContain('flex, pahole')
    expect(calls()).toBe('')
  })

  it.each(['apt-get', 'apt-cache'])('says where it can run when there is no %s', async (name) => {
    const { request, bin } = setUp()
    rmSync(join(bin, name))
    const { problems } = await planDemo({ ...request, env: { PATH: bin } })
    expect(problems).toMatchObject([{ kind: 'missing-tool' }])
    expect(problems[0]?.advice).toContain('Debian 12')
  })

  it('downloads nothing when the whitelist is not there', async () => {
    const { request, shipped, calls } = setUp()
    rmSync(shipped, { recursive: true })
    const { value, problems } = await planDemo(request)
    expect(value).toBeUndefined()
    expect(problems[0]?.message).toContain('builtin:debian-12')
    expect(calls()).not.toContain('-qq')
  })
})

describe('fetching the kernel of demo --kernel', () => {
  it('makes the tree and the configuration, and keeps no package', async () => {
    const { fetch, home, steps } = setUp()
    expect(await fetch()).toBeUndefined()
    expect(readFileSync(join(home, 'linux/Makefile'), 'utf8')).toBe('6.1.176-1\n')
    expect(readFileSync(join(home, 'config'), 'utf8')).toBe('CONFIG_OF=6.1.176-1\n')
    expect(existsSync(join(home, 'linux-source-6.1_6.1.176-1_all.deb'))).toBe(false)
    expect(steps.map((step) => step.split(' ')[0])).toEqual([
      'Downloading',
      'Unpacking',
      'Downloading',
      'Unpacking',
    ])
  })

  it('does nothing the second time', async () => {
    const { plan, fetch, steps, calls } = setUp()
    await fetch()
    const before = calls().match(/-qq/g)
    expect(await fetch()).toBeUndefined()
    expect(steps).toHaveLength(4)
    expect(calls().match(/-qq/g)).toEqual(before)
    const demo = await plan()
    expect(demo.packages.map(({ present }) => present)).toEqual([true, true])
    expect(demo.disk.needed).toBeLessThan(1e9)
  })

  it('uses a package that a run before has downloaded', async () => {
    const { plan, fetch, home, calls } = setUp()
    writeFiles(home, { 'linux-source-6.1_6.1.176-1_all.deb': content('linux-source-6.1', '6.1.176-1') })
    expect((await plan()).packages.map(({ present }) => present)).toEqual([true, false])
    expect(await fetch()).toBeUndefined()
    expect(calls()).not.toContain('-qq download linux-source')
  })

  it('replaces a package that was cut off, and what was being unpacked', async () => {
    const { fetch, home, calls } = setUp()
    writeFiles(home, { 'linux-source-6.1_6.1.176-1_all.deb': 'linux-so', 'linux.unpacking/Makefile': 'half' })
    expect(await fetch()).toBeUndefined()
    expect(calls()).toContain('-qq download linux-source-6.1=6.1.176-1')
    expect(readFileSync(join(home, 'linux/Makefile'), 'utf8')).toBe('6.1.176-1\n')
    expect(existsSync(join(home, 'linux.unpacking'))).toBe(false)
  })

  it('refuses what is not the file that the archive lists', async () => {
    const { fetch, files, home } = setUp()
    writeFileSync(join(files, 'linux-source-6.1_6.1.176-1_all.deb'), 'linux-source-6.1 6.1.666-6')
    const problem = await fetch()
    expect(problem).toMatchObject({ kind: 'download-failed' })
    expect(problem?.message).toContain('linux-source-6.1_6.1.176-1_all.deb')
    expect(existsSync(join(home, 'linux'))).toBe(false)
    expect(existsSync(join(home, 'linux-source-6.1_6.1.176-1_all.deb'))).toBe(false)
  })

  it('shows what apt says when there is no network', async () => {
    const { fetch, folder } = setUp()
    writeFileSync(join(folder, 'offline'), '')
    expect(await fetch()).toMatchObject({
      kind: 'download-failed',
      excerpt: ['E: Failed to fetch http://archive'],
    })
  })

  it('leaves no half of a tree when unpacking fails', async () => {
    const { fetch, folder, home } = setUp()
    writeFileSync(join(folder, 'scenario'), 'echo "No space left on device" >&2; exit 2')
    const problem = await fetch()
    expect(problem).toMatchObject({ kind: 'unreadable', excerpt: ['No space left on device'] })
    expect(existsSync(join(home, 'linux'))).toBe(false)
    expect(existsSync(join(home, 'linux.unpacking'))).toBe(false)
    writeFileSync(join(folder, 'scenario'), '')
    expect(await fetch()).toBeUndefined()
  })

  it('stops when it is told to, and leaves what can be used again', async () => {
    const { fetch, folder, home, controller } = setUp()
    writeFileSync(join(folder, 'scenario'), `touch '${folder}/started'; sleep 60`)
    const fetching = fetch()
    while (!existsSync(join(folder, 'started'))) await new Promise((done) => setTimeout(done, 20))
    controller.abort()
    expect(await fetching).toMatchObject({ kind: 'interrupted' })
    expect(existsSync(join(home, 'linux'))).toBe(false)
    expect(existsSync(join(home, 'linux.unpacking'))).toBe(false)
    expect(existsSync(join(home, 'config'))).toBe(true)
    expect(existsSync(join(home, 'linux-source-6.1_6.1.176-1_all.deb'))).toBe(true)
  })

  it('does not work in a folder in which another run works', async () => {
    const { plan, home, session } = setUp()
    const demo = await plan()
    mkdirSync(home, { recursive: true })
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    writeFileSync(join(home, 'lock'), JSON.stringify({ pid: process.pid, started }))
    expect(await fetchDemo(demo, session, () => undefined)).toMatchObject({ kind: 'busy' })
  })
})
