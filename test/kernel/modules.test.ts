import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import type { Symvers } from '../../src/abi/export.ts'
import { readDrivers } from '../../src/module/read-drivers.ts'
import { readSymvers } from '../../src/baseline/read-whitelist.ts'
import { checkModules } from '../../src/module/check-modules.ts'
import type { KernelModule } from '../../src/module/kernel-module.ts'
import { checkKernels } from '../../src/vendor/kernels/check-kernels.ts'

/**
 * The modules of real kernels against their own Module.symvers and against the loader's tools. KABI_MODULES names a
 * folder with one folder for each kernel, in which its packages are unpacked: modules below lib/modules, Module.symvers
 * below usr/src. `next` holds only the Module.symvers of the kernel after `cloud-amd64`.
 */

const top = process.env['KABI_MODULES']
if (top === undefined) throw new Error('KABI_MODULES must name a folder with unpacked kernels')

const kernels = readdirSync(top)
  .filter((name) => name !== 'next' && existsSync(join(top, name, 'lib/modules')))
  .sort()

function symversOf(kernel: string): Promise<Symvers> {
  const [file, second] = find(join(top ?? '', kernel, 'usr/src'), 'Module.symvers')
  if (file === undefined || second !== undefined) throw new Error(`${kernel} has not one Module.symvers`)
  return readSymvers(file).then(({ value }) => value)
}

function find(folder: string, name: string): readonly string[] {
  return execFileSync('find', [folder, '-name', name], { encoding: 'utf8' }).split('\n').filter(Boolean)
}

/** The symbols of a table with their checksums, read with nothing of src/. */
function checksumsOf(file: string): ReadonlyMap<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return new Map(lines.map((line) => [line.split('\t')[1] ?? '', line.split('\t')[0] ?? '']))
}

/** Modules that the loader would refuse; what one provides to another is looked at, too. */
function refused(modules: readonly KernelModule[], symvers: Symvers): readonly string[] {
  const alone = modules.map((module) => ({ ...module, exports: new Set<string>() }))
  const rows = symvers.exports.map((row) => ({ ...row, section: '' }))
  const whitelist = { file: symvers.file, dialect: 'symvers', rows } as const
  const { modules: checked } = checkModules({ modules: alone, whitelist, kernel: { symvers } })
  return checked.flatMap(({ module, violations }) => (violations.length > 0 ? [module.file] : []))
}

describe.each(kernels)('%s', (kernel) => {
  const folder = join(top, kernel, 'lib')

  it('has modules that all match its own Module.symvers', async () => {
    const files = find(folder, '*.ko*')
    const { value: modules, problems } = await readDrivers([folder])
    expect(problems).toStrictEqual([])
    expect(modules).toHaveLength(files.length)
    expect(refused(modules, await symversOf(kernel))).toStrictEqual([])
    console.log(`${kernel}: ${modules.length} of ${files.length} modules match their own Module.symvers`)
  })

  it('has the names and checksums that modprobe reads', async () => {
    const { value: modules } = await readDrivers([folder])
    for (const { file, imports } of modules) {
      const dump = execFileSync('modprobe', ['--dump-modversions', file], { encoding: 'utf8' })
      const expected = dump.split('\n').filter(Boolean).sort()
      const read = imports.flatMap(({ symbol, crc }) =>
        crc === undefined ? [] : [`0x${crc.toString(16).padStart(8, '0')}\t${symbol}`],
      )
      expect(read.sort(), file).toStrictEqual(expected)
    }
  })
})

test('no module of one kernel would load on the next, whose types changed', async () => {
  const { value: modules } = await readDrivers([join(top, 'cloud-amd64/lib')])
  expect(modules.length).toBeGreaterThan(1000)
  expect(refused(modules, await symversOf('next'))).toHaveLength(modules.length)
})

test('which modules load on which kernel is what modprobe and each Module.symvers say together', async () => {
  const tables = ['cloud-amd64', 'next'].flatMap((kernel) =>
    find(join(top, kernel, 'usr/src'), 'Module.symvers'),
  )
  const drivers = [join(top, 'cloud-amd64/lib')]
  const { value, problems } = await checkKernels({ kernels: tables, drivers, distribution: undefined })
  expect(problems).toStrictEqual([])
  expect(value?.columns.map(({ kernel }) => kernel.file)).toStrictEqual(tables)
  for (const { kernel, cells } of value?.columns ?? []) {
    const checksums = checksumsOf(kernel.file)
    // Every module is compared by scripts/modules/matrix-truth.ts.
    for (let at = 0; at < cells.length; at += 25) {
      const file = value?.modules[at]?.file ?? ''
      const dump = execFileSync('modprobe', ['--dump-modversions', file], { encoding: 'utf8' })
      const expected = dump
        .split('\n')
        .filter((line) => line !== '' && checksums.get(line.split('\t')[1] ?? '') !== line.split('\t')[0])
      expect(cells[at]?.reasons, `${file} on ${kernel.file}`).toHaveLength(expected.length)
      expect(cells[at]?.state).toBe(expected.length === 0 ? 'built' : 'refused')
    }
  }
})
