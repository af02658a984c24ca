import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallKernel, type Found, type SmallKernel } from './small-kernel.ts'

const hasTools = ['make', 'gcc', 'nm', 'sh', 'gzip'].every(
  (tool) => spawnSync(tool, ['--version']).error === undefined,
)

const wanted = ['start', 'gen']

let kernel: SmallKernel
let first: Found['result']
beforeAll(async () => {
  if (!hasTools) return
  kernel = smallKernel()
  first = (await kernel.find(wanted)).result
})
afterAll(() => {
  if (hasTools) kernel.end()
})

/** Every file that a run leaves for the next one. */
function keptFiles(): readonly string[] {
  return ['work', 'results'].flatMap((folder) => {
    const path = join(kernel.source, '..', folder)
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .map((name) => join(path, name))
      .filter((file) => statSync(file).isFile() && /\.(json|symtypes)$/.test(file))
  })
}

const packed = (change: (text: string) => string) => (bytes: Buffer) =>
  bytes[0] === 0x1f ? gzipSync(change(gunzipSync(bytes).toString())) : Buffer.from(change(bytes.toString()))

interface Kept {
  format: number
  value: unknown
}
const valued = (change: (kept: Kept) => unknown) =>
  packed((text) => (text.startsWith('{') ? JSON.stringify(change(JSON.parse(text) as Kept)) : 'types'))

/** Puts something of another type in place of each thing of a type, at every depth. */
function retyped(value: unknown, from: string, to: unknown): unknown {
  if (typeof value === from) return to
  if (Array.isArray(value)) return value.map((item) => retyped(item, from, to))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, retyped(item, from, to)]))
}

describe.skipIf(!hasTools)('what is kept from run to run (needs make, gcc and nm)', () => {
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['cut', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['cut at its last byte', (bytes) => bytes.subarray(0, -1)],
    [
      'damaged',
      (bytes) => Buffer.from(bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte))),
    ],
    ['no archive', () => Buffer.from('{}')],
    ['not JSON', packed(() => '{')],
    ['null', packed(() => 'null')],
    ['a value of another version', valued((kept) => ({ ...kept, format: kept.format - 1 }))],
    ['a value of another form', valued((kept) => ({ ...kept, value: { a: 1 } }))],
    ['a list of other things', valued((kept) => ({ ...kept, value: [[1, 2], null] }))],
    ['without a value', valued(({ format }) => ({ format }))],
    [
      'numbers instead of texts',
      valued(({ format, value }) => ({ format, value: retyped(value, 'string', 7) })),
    ],
    [
      'texts instead of numbers',
      valued(({ format, value }) => ({ format, value: retyped(value, 'number', '7') })),
    ],
  ])('is made again when it is %s', async (_, damage) => {
    for (const file of keptFiles()) writeFileSync(file, damage(readFileSync(file)))
    expect((await kernel.find(wanted)).result).toEqual(first)
    expect((await kernel.find(wanted)).runs).toEqual({ make: 0, compiler: 0, checksums: 0 })
  })

  it('is made again when types were put in the place of others, or are gone', async () => {
    const [types = ''] = keptFiles().filter((file) => /main\.o\/\w+\.symtypes$/.test(file))
    const before = readFileSync(types)
    writeFileSync(types, before.subarray(0, before.indexOf('\n') + 1))
    expect((await kernel.find(wanted)).runs.checksums).toBe(1)
    expect(readFileSync(types)).toEqual(before)
  })
  it('holds in another work tree and another build folder, whatever the dates', async () => {
    const other = smallKernel()
    try {
      cpSync(join(kernel.source, '../results'), join(other.source, '../results'), { recursive: true })
      const { result, runs } = await other.find(wanted)
      // The compiler says that `gen` lacks a file which make generates.
      expect([runs.compiler, runs.checksums]).toEqual([1, 0])
      const here = (text: string) => text.replaceAll(join(other.source, '..'), join(kernel.source, '..'))
      expect(JSON.parse(here(JSON.stringify(result)))).toEqual(JSON.parse(JSON.stringify(first)))
      other.write({ 'init/main.c': `${readFileSync(join(kernel.source, 'init/main.c'), 'utf8')}int more;\n` })
      expect((await other.find(wanted)).runs.checksums).toBe(1)
    } finally {
      other.end()
    }
  })

  it('holds for several states of a file that take turns, not for any number of them', async () => {
    const main = readFileSync(join(kernel.source, 'init/main.c'), 'utf8')
    const state = async (name: string) => {
      kernel.write({ 'init/main.c': `${main}int state_${name};\n` })
      return (await kernel.find(wanted)).runs.checksums
    }
    const versions = () => keptFiles().filter((file) => /main\.o\/\w+\.json$/.test(file)).length
    expect(await state('a')).toBe(1)
    expect(await state('b')).toBe(1)
    expect([await state('a'), await state('b'), await state('a')]).toEqual([0, 0, 0])
    for (const name of ['c', 'd', 'e']) expect(await state(name)).toBe(1)
    expect(versions()).toBe(4)
    expect([await state('a'), await state('b')]).toEqual([0, 1])
    kernel.write({ 'init/main.c': main })
  })
})
