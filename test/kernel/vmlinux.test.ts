import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { completeTypes } from '../../src/abi/complete-types.ts'
import { compareAllLayouts } from '../../src/abi/layouts/compare-all-layouts.ts'
import { parseLayouts } from '../../src/abi/layouts/parse-layouts.ts'
import { vmlinuxLayouts } from '../../src/kernel/layouts/vmlinux-layouts.ts'

/**
 * The BTF of Debian's cloud kernel against the shipped layouts of the same kernel, which the compiler told. KABI_MODULES names the
 * folder with its package, KABI_KERNEL_TREE a kernel that knows how to unpack its image.
 */

const work = mkdtempSync(join(tmpdir(), 'kabi-vmlinux-'))
const lists = resolve(import.meta.dirname, '../../whitelists/debian-12/cloud-amd64')

afterAll(() => rmSync(work, { recursive: true }))

function unpackedImage(): string {
  const boot = join(process.env['KABI_MODULES'] ?? '', 'cloud-amd64/boot')
  const image = readdirSync(boot).find((name) => name.startsWith('vmlinuz-')) ?? ''
  const script = join(process.env['KABI_KERNEL_TREE'] ?? '', 'scripts/extract-vmlinux')
  const file = join(work, 'vmlinux')
  writeFileSync(file, execFileSync('sh', [script, join(boot, image)], { maxBuffer: 2 ** 28 }))
  return file
}

it('the BTF of a real kernel has every type and function of vmlinux as the compiler has it', async () => {
  const read = (name: string) => gunzipSync(readFileSync(join(lists, name)))
  const { value: before } = parseLayouts(read('layouts.gz').toString(), 'layouts.gz')
  const types = completeTypes(read('symtypes.gz'))
  const { value: after, problems } = await vmlinuxLayouts(unpackedImage(), {
    types,
    symbols: new Set(before.symbols.keys()),
  })
  expect([after?.vmlinux, problems]).toEqual(['btf', []])
  if (!after) return
  expect(compareAllLayouts({ before, after })).toEqual([])
  expect(new Set(after.unknown.values())).toEqual(new Set(['the BTF of vmlinux does not have it']))
  // The rest are types of modules, variables, and functions of assembler.
  expect(after.types.size / before.types.size).toBeGreaterThan(0.95)
  expect(after.symbols.size / before.symbols.size).toBeGreaterThan(0.85)
})
