import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gendwarfksymsKernel } from './gendwarfksyms-kernel.ts'
import { smallKernel, type Found, type SmallKernel } from './small-kernel.ts'

const hasTools = ['make', 'gcc', 'nm', 'readelf', 'sh'].every(
  (tool) => spawnSync(tool, ['--version']).error === undefined,
)

let kernel: SmallKernel
beforeEach(() => {
  kernel = smallKernel(gendwarfksymsKernel)
})
afterEach(() => kernel.end())

function found({ result }: Found) {
  if (result.kind !== 'found') throw new Error(JSON.stringify(result.problems))
  return result
}

const crcOf = (run: Found, symbol: string) => found(run).exports.find((row) => row.symbol === symbol)?.crc

describe.skipIf(!hasTools)('findExports with gendwarfksyms (needs make, gcc, nm and readelf)', () => {
  it('finds every export of the enabled objects with all columns', async () => {
    const { exports } = found(await kernel.find('all'))
    const rows = exports.map(({ symbol, module, type, namespace, file, line, object }) =>
      [symbol, module, type, namespace, `${file}:${line}`, object].join(' '),
    )
    expect(rows).toEqual([
      'gen vmlinux EXPORT_SYMBOL  lib/gen.c:4 lib/gen.o',
      'gizmo_one vmlinux EXPORT_SYMBOL  lib/gizmo.c:0 lib/gizmo.o',
      'held vmlinux EXPORT_SYMBOL  lib/held.h:2 lib/held.o',
      'part vmlinux EXPORT_SYMBOL_GPL  lib/part.c:2 lib/made.o',
      'plain vmlinux EXPORT_SYMBOL  lib/plain.c:3 lib/plain.o',
      'start vmlinux EXPORT_SYMBOL  init/main.c:5 init/main.o',
      'stop vmlinux EXPORT_SYMBOL_GPL  init/main.c:7 init/main.o',
      'thunk_rax vmlinux EXPORT_SYMBOL_GPL  lib/thunk.S:0 lib/thunk.o',
      'usb drivers/usb-storage/usb-storage EXPORT_SYMBOL_GPL USB drivers/usb-storage/usb.c:4 drivers/usb-storage/usb.o',
    ])
    expect(exports.filter(({ crc }) => crc === 0)).toEqual([])
  })

  it('gives the checksums that the build of an object records', async () => {
    const computed = found(await kernel.find('all')).exports
    const args = ['-C', kernel.output, '-f', join(kernel.source, 'Makefile'), `src=${kernel.source}`]
    const objects = [...new Set(computed.map(({ object }) => object))]
    expect(spawnSync('make', [...args, ...objects]).status).toBe(0)
    const recorded = objects.flatMap((object) => {
      const text = readFileSync(join(kernel.output, object.replace(/[^/]+$/, '.$&.cmd')), 'utf8')
      return [...text.matchAll(/^#SYMVER (\S+) (0x\w+)$/gm)].map(([, symbol, crc]) => [symbol, Number(crc)])
    })
    expect(recorded.sort()).toEqual(computed.map(({ symbol, crc }) => [symbol, crc]))
  })

  it('compiles only objects that name what is wanted', async () => {
    const run = await kernel.find(['start', 'plain'])
    expect(found(run).exports.map(({ symbol }) => symbol)).toEqual(['plain', 'start'])
    expect(run.runs).toEqual({ make: 1, compiler: 2, checksums: 2 })
  })

  it('gives an export without debugging information the checksum zero', async () => {
    kernel.write({
      'lib/plain.c': '#include <linux/export.h>\nasm(".globl plain\\nplain:");\nEXPORT_SYMBOL(plain);\n',
    })
    expect(found(await kernel.find(['plain'])).exports).toMatchObject([{ symbol: 'plain', crc: 0 }])
  })

  it('has no types to keep, only the files that were read', async () => {
    const record = found(await kernel.find(['start'])).objects.get('init/main.o')
    expect(record?.types).toBeUndefined()
    expect(record?.dependencies).toContain(join(kernel.source, 'include/types.h'))
  })

  it('leaves no object in the build folder', async () => {
    await kernel.find('all')
    const left = readdirSync(kernel.output, { recursive: true, encoding: 'utf8' })
    expect(left.filter((path) => path.endsWith('.o'))).toEqual([])
    expect(existsSync(join(kernel.output, 'lib/table.h'))).toBe(true)
  })
})

describe.skipIf(!hasTools)('findExports with gendwarfksyms, run again', () => {
  it('runs nothing when nothing changed, and finds the same', async () => {
    const first = await kernel.find('all')
    const second = await kernel.find('all')
    expect(second.runs).toEqual({ make: 0, compiler: 0, checksums: 0 })
    expect(second.result).toEqual(first.result)
  })

  it('compiles again what a changed header reaches', async () => {
    const before = await kernel.find(['start', 'usb', 'plain'])
    kernel.write({ 'include/types.h': 'struct thing { long a; };\n' })
    const after = await kernel.find(['start', 'usb', 'plain'])
    expect(after.runs).toEqual({ make: 0, compiler: 2, checksums: 2 })
    for (const symbol of ['start', 'usb']) expect(crcOf(after, symbol)).not.toBe(crcOf(before, symbol))
    expect(crcOf(after, 'plain')).toBe(crcOf(before, 'plain'))
  })

  it('notices another gendwarfksyms', async () => {
    const before = await kernel.find(['plain'])
    const program = join(kernel.output, gendwarfksymsKernel.program)
    writeFileSync(program, gendwarfksymsKernel.script.replace('cksum', 'rev | cksum'))
    expect(crcOf(await kernel.find(['plain']), 'plain')).not.toBe(crcOf(before, 'plain'))
  })

  it('notices another state of a file that an option of the compiler names', async () => {
    const makefile = readFileSync(join(kernel.source, 'Makefile'), 'utf8')
    kernel.write({ Makefile: makefile.replace('-nostdinc', '-frandom-seed=./seed -nostdinc') })
    writeFileSync(join(kernel.output, 'seed'), '1')
    await kernel.find(['plain'])
    expect((await kernel.find(['plain'])).runs.compiler).toBe(0)
    writeFileSync(join(kernel.output, 'seed'), '2')
    expect((await kernel.find(['plain'])).runs.compiler).toBe(1)
  })
})

describe.skipIf(!hasTools)('findExports with gendwarfksyms, when something is wrong', () => {
  it('says nothing about a symbol whose object cannot be compiled, and quotes the compiler', async () => {
    kernel.write({ 'lib/plain.c': '#include <linux/export.h>\nint plain = ;\nEXPORT_SYMBOL(plain);\n' })
    const { result } = await kernel.find(['plain', 'start'])
    expect(result).toMatchObject({
      kind: 'not-found',
      problems: [{ kind: 'build-failed', place: { file: join(kernel.source, 'lib/plain.c') } }],
    })
    expect(JSON.stringify(result)).toMatch(/plain\.c:\d+:\d+: error: /)
  })

  it('refuses a compiler whose objects are no ELF files', async () => {
    const makefile = readFileSync(join(kernel.source, 'Makefile'), 'utf8')
    // What is left behind -c is what a compiler does that writes another form.
    kernel.write({ Makefile: makefile.replace('-nostdinc -g', '-nostdinc -g -S') })
    expect((await kernel.find(['plain'])).result).toMatchObject({
      kind: 'not-found',
      problems: [{ message: expect.stringContaining('made no ELF file') as string }],
    })
  })

  it('says that a symbol is absent only after it compiled every object whose text leaves a doubt', async () => {
    const run = await kernel.find(['nowhere'])
    expect(found(run).absent).toEqual(['nowhere'])
    // One uses a macro of a header, the other includes a header that make generates.
    expect(run.runs).toMatchObject({ checksums: 2 })
  })
})
