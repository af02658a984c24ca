import { promises, statfsSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { folderSize, freeDisk, roomFor } from '../../src/kernel/needs/room.ts'
import { fakeKernel } from '../kernel-unit/fake-kernel.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeFiles } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const gibibyte = 1024 ** 3

/** A machine with this many bytes free on its disk, and this much memory. */
function onMachine(disk: number, memory: number): void {
  const room = statfsSync('/')
  vi.spyOn(promises, 'statfs').mockImplementation(() =>
    Promise.resolve(Object.assign(room, { bavail: disk, bsize: 1 })),
  )
  syncBuiltinESMExports()
  vi.spyOn(process, 'constrainedMemory').mockReturnValue(memory)
}

afterEach(() => {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
})

/** The states of disk and memory of each variant. */
async function roomOf(disk: number, memory: number, strategy: string, left = 0): Promise<string[]> {
  onMachine(disk, memory)
  const { folder, source, bin } = fakeKernel()
  writeFiles(source, {
    'kabi.yml': `version: 1\nvariants: { a: { arch: x86_64, config: c }, b: { arch: x86_64, config: c } }\n`,
    c: 'CONFIG_DEBUG_INFO=y\n',
  })
  writeFiles(folder, { 'work/a/build/vmlinux': 'x'.repeat(left) })
  const args = ['doctor', '--work-dir', join(folder, 'work'), '--strategy', strategy, '--format', 'json']
  const { stdout } = await runMain(args, { cwd: source, env: { PATH: bin } })
  const json = JSON.parse(stdout) as { variants: { examined: { what: string; state: string }[] }[] }
  return json.variants.map(({ examined }) =>
    examined.flatMap(({ what, state }) => (/disk|memory/.test(what) ? [state] : [])).join(' '),
  )
}

describe('the room that variants need', () => {
  it('is there on a large machine', async () => {
    expect(await roomOf(100 * gibibyte, 8 * gibibyte, 'full')).toEqual(['ok ok', 'ok ok'])
  })

  it('adds up over the variants, as they share a disk', async () => {
    expect(await roomOf(30 * gibibyte, 8 * gibibyte, 'full')).toEqual(['ok ok', 'missing ok'])
    expect(await roomOf(0.8 * gibibyte, 8 * gibibyte, 'exports')).toEqual(['ok ok', 'missing ok'])
  })

  it('is not asked for again where an earlier run has taken it', async () => {
    const bytes = 1024 ** 2
    const exports = roomFor({ ...facts, strategy: 'exports' }).disk
    expect(await roomOf(exports - bytes, gibibyte, 'exports')).toEqual(['missing ok', 'missing ok'])
    expect(await roomOf(exports - bytes, gibibyte, 'exports', bytes)).toEqual(['ok ok', 'missing ok'])
  })

  it('is less for a build that compiles nothing', async () => {
    expect(await roomOf(100 * gibibyte, gibibyte, 'full')).toEqual(['ok missing', 'ok missing'])
    expect(await roomOf(100 * gibibyte, gibibyte, 'exports')).toEqual(['ok ok', 'ok ok'])
    expect(await roomOf(100 * gibibyte, gibibyte / 2, 'exports')).toEqual(['ok missing', 'ok missing'])
  })

  it('is larger with debug information, however the configuration asks for it', () => {
    const disk = (option: string) => roomFor({ ...facts, options: new Map([[option, 'y']]) }).disk
    expect(disk('CONFIG_DEBUG_INFO')).toBeGreaterThan(disk('CONFIG_SMP'))
    expect(disk('CONFIG_DEBUG_INFO_DWARF5')).toBe(disk('CONFIG_DEBUG_INFO'))
    expect(disk('CONFIG_DEBUG_INFO_NONE')).toBe(disk('CONFIG_SMP'))
  })
})

const facts = {
  arch: 'x86_64',
  strategy: 'full',
  options: new Map<string, string>(),
  complete: true,
  parts: new Set<never>(),
} as const

describe('measuring room', () => {
  it('asks the disk on which a folder would be made', async () => {
    const folder = temporaryFolder()
    expect(await freeDisk(join(folder, 'not/made/yet'))).toBeGreaterThan(0)
  })

  it('adds up the files of a folder, and finds none where there is no folder', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { a: 'x'.repeat(10), 'b/c': 'x'.repeat(20) })
    expect(await folderSize(folder)).toBe(30)
    expect(await folderSize(join(folder, 'nowhere'))).toBe(0)
  })
})
