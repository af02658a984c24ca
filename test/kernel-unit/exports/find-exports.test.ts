import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { smallKernel, type Found, type SmallKernel } from './small-kernel.ts'

const hasTools = ['make', 'gcc', 'nm', 'sh'].every(
  (tool) => spawnSync(tool, ['--version']).error === undefined,
)

let kernel: SmallKernel
beforeEach(() => {
  kernel = smallKernel()
})
afterEach(() => kernel.end())

function found({ result }: Found) {
  if (result.kind !== 'found') throw new Error(JSON.stringify(result.problems))
  return result
}

function problems({ result }: Found) {
  if (result.kind !== 'not-found') throw new Error('nothing went wrong')
  return result.problems
}

const crcOf = (run: Found, symbol: string) => found(run).exports.find((row) => row.symbol === symbol)?.crc

describe.skipIf(!hasTools)('findExports (needs make, gcc and nm)', () => {
  it('finds every export of the enabled objects with all columns', async () => {
    const { exports, absent } = found(await kernel.find('all'))
    const rows = exports.map(({ symbol, module, type, namespace, file, line, object }) =>
      [symbol, module, type, namespace, `${file}:${line}`, object].join(' '),
    )
    expect(rows).toEqual([
      'gen vmlinux EXPORT_SYMBOL  lib/gen.c:4 lib/gen.o',
      'gizmo_one vmlinux EXPORT_SYMBOL  lib/gizmo.c:3 lib/gizmo.o',
      'held vmlinux EXPORT_SYMBOL  lib/held.h:2 lib/held.o',
      'part vmlinux EXPORT_SYMBOL_GPL  lib/part.c:2 lib/made.o',
      'plain vmlinux EXPORT_SYMBOL  lib/plain.c:3 lib/plain.o',
      'start vmlinux EXPORT_SYMBOL  init/main.c:5 init/main.o',
      'stop vmlinux EXPORT_SYMBOL_GPL  init/main.c:7 init/main.o',
      'thunk_rax vmlinux EXPORT_SYMBOL_GPL  lib/thunk.S:0 lib/thunk.o',
      'usb drivers/usb-storage/usb-storage EXPORT_SYMBOL_GPL USB drivers/usb-storage/usb.c:4 drivers/usb-storage/usb.o',
    ])
    expect(exports.every(({ crc }) => crc !== 0)).toBe(true)
    expect(absent).toEqual([])
  })

  it('looks only into objects that name what is wanted', async () => {
    const run = await kernel.find(['start', 'plain'])
    expect(found(run).exports.map(({ symbol }) => symbol)).toEqual(['plain', 'start'])
    // Each object as genksyms gets it, and its exports alone as the compiler does.
    expect(run.runs).toEqual({ make: 1, compiler: 4, checksums: 2 })
  })

  it('looks first where a symbol is expected, and elsewhere when it is not there', async () => {
    const right = await kernel.find(['part'], { expected: { part: 'lib/made.o' } })
    expect(found(right).exports).toMatchObject([{ symbol: 'part', object: 'lib/made.o' }])
    expect(right.runs.checksums).toBe(1)
    const wrong = await kernel.find(['gizmo_one'], { expected: { gizmo_one: 'lib/plain.o' } })
    expect(found(wrong).exports).toMatchObject([{ symbol: 'gizmo_one', object: 'lib/gizmo.o' }])
    expect(wrong.runs.checksums).toBe(2)
    expect(found(await kernel.find(['stop'], { expected: { stop: 'gone.o' } })).absent).toEqual([])
  })

  it('asks make about nothing but the folders in which every symbol is expected', async () => {
    const makefile = readFileSync(join(kernel.source, 'Makefile'), 'utf8')
    kernel.write({ Makefile: `${makefile}ifeq ($(obj),drivers)\n$(error asked about drivers)\nendif\n` })
    const expected = { part: 'lib/made.o', start: 'init/main.o' }
    const there = await kernel.find(['part', 'start'], { expected })
    expect(found(there).exports.map(({ symbol }) => symbol)).toEqual(['part', 'start'])
    expect(there.runs.make).toBe(1)
    expect((await kernel.find(['part', 'start'], { expected })).runs.make).toBe(0)
    const everywhere = await kernel.find(['part', 'start', 'usb'], { expected })
    expect(JSON.stringify(problems(everywhere))).toContain('asked about drivers')
  })

  it('looks everywhere for a symbol that is expected in a folder with no object any more', async () => {
    const run = await kernel.find(['start'], { expected: { start: 'gone/main.o' } })
    expect(found(run).exports).toMatchObject([{ symbol: 'start', object: 'init/main.o' }])
  })

  it('preprocesses nothing of which the text tells what it exports, to know that a symbol is gone', async () => {
    const run = await kernel.find(['nowhere'])
    expect(found(run).absent).toEqual(['nowhere'])
    // Left are one with a macro of a header, one with a generated header, and assembler.
    expect(run.runs.checksums).toBe(3)
  })

  it('says when a search goes on elsewhere, for which symbols, and into how many objects', async () => {
    const widened = ({ progress }: Found) => progress.filter(({ phase }) => phase === 'widen')
    const moved = await kernel.find(['start', 'part'], {
      expected: { start: 'init/main.o', part: 'init/main.o' },
    })
    expect(widened(moved)).toEqual([{ phase: 'widen', missing: ['part'], done: 1 }])
    expect(widened(await kernel.find(['start', 'plain']))).toEqual([])
    expect(widened(await kernel.find(['start', 'nowhere']))).toEqual([
      { phase: 'widen', missing: ['nowhere'], done: 1 },
      { phase: 'widen', missing: ['nowhere'], done: 1, total: 3 },
    ])
  })

  const source = (first: string) => `#include <linux/export.h>\n${first}\nint moved;\nEXPORT_SYMBOL(plain);\n`

  it.each([
    ['its source', { 'lib/plain.c': source('#define plain moved') }],
    ['a header', { 'lib/plain.c': source('#include <b.h>'), 'include/b.h': '#define plain moved\n' }],
    [
      'broken lines and comments',
      { 'lib/plain.c': source('#include <b.h>'), 'include/b.h': '# /* c */ define \\\n plain moved\n' },
    ],
  ])('finds a symbol that only a macro names, in %s', async (_, files) => {
    kernel.write(Object.fromEntries(Object.entries(files)))
    const run = await kernel.find(['moved'])
    expect(found(run).exports).toMatchObject([{ symbol: 'moved', object: 'lib/plain.o' }])
  })

  it('goes by the text to the one object whose macros make a name, and says so', async () => {
    kernel.write({
      'lib/plain.c': source('#include <pairs.h>\n#define BOTH(x) PAIR(x, word)\nint two_word;\nBOTH(two);'),
      'include/pairs.h': '#define PAIR(a, b) EXPORT_SYMBOL(a##_##b)\n',
    })
    const run = await kernel.find(['start', 'two_word'])
    expect(found(run).exports).toMatchObject([
      { symbol: 'start' },
      { symbol: 'two_word', object: 'lib/plain.o' },
    ])
    expect(run.runs.checksums).toBe(2)
    expect(run.progress.filter(({ phase }) => phase === 'widen')).toEqual([
      { phase: 'widen', missing: ['two_word'], done: 1 },
      { phase: 'widen', missing: ['two_word'], done: 1, total: 1 },
    ])
  })

  it('finds what a header makes of EXPORT_SYMBOL', async () => {
    kernel.write({
      'lib/plain.c': '#include <linux/export.h>\n#include <first.h>\nint new_plain;\nEXPORT_SYMBOL(plain);\n',
      'include/first.h':
        '#undef EXPORT_SYMBOL\n#define EXPORT_SYMBOL(sym) ___EXPORT_SYMBOL(new_##sym, "", "")\n',
    })
    expect(found(await kernel.find(['new_plain'])).exports).toMatchObject([{ object: 'lib/plain.o' }])
  })

  it('finds what a macro of a header, an included source and an included header export', async () => {
    expect(found(await kernel.find(['gizmo_one', 'part', 'held'])).exports).toMatchObject([
      { symbol: 'gizmo_one', object: 'lib/gizmo.o' },
      { symbol: 'held', object: 'lib/held.o' },
      { symbol: 'part', object: 'lib/made.o' },
    ])
  })

  it('says that a symbol is absent when no enabled object exports it, whatever other sources say', async () => {
    const { absent, exports } = found(await kernel.find(['disabled', 'start', 'nowhere']))
    expect(absent).toEqual(['disabled', 'nowhere'])
    expect(exports.map(({ symbol }) => symbol)).toEqual(['start'])
  })

  it('gives an export that genksyms finds no declaration of the checksum zero', async () => {
    kernel.write({ 'lib/plain.c': '#include <linux/export.h>\nlong plain;\nEXPORT_SYMBOL(plain);\n' })
    expect(crcOf(await kernel.find(['plain']), 'plain')).toBe(0)
  })

  it('keeps the types behind the exports, and every file they come from', async () => {
    const record = found(await kernel.find(['start'])).objects.get('init/main.o')
    expect(readFileSync(String(record?.types), 'utf8')).toContain('struct thing { int a; }')
    expect(record?.dependencies).toEqual(
      ['init/main.c', 'include/linux/export.h', 'include/types.h'].map((path) => join(kernel.source, path)),
    )
  })
})

describe.skipIf(!hasTools)('findExports, run again (needs make, gcc and nm)', () => {
  const nothing = { make: 0, compiler: 0, checksums: 0 }

  it('runs nothing when nothing changed, and finds the same', async () => {
    const first = await kernel.find('all')
    const second = await kernel.find('all')
    expect(second.runs).toEqual(nothing)
    expect(second.result).toEqual(first.result)
  })

  it('looks again only into what a changed header reaches', async () => {
    const before = await kernel.find('all')
    kernel.write({ 'include/types.h': 'struct thing { long a; };\n' })
    const after = await kernel.find('all')
    // Each of two twice; make for the generated table.
    expect(after.runs).toEqual({ make: 1, compiler: 4, checksums: 2 })
    expect(crcOf(after, 'start')).not.toBe(crcOf(before, 'start'))
    expect(crcOf(after, 'plain')).toBe(crcOf(before, 'plain'))
  })

  it('sees a new header that is now found first', async () => {
    const before = await kernel.find(['start'])
    kernel.write({ 'first/types.h': 'struct thing { char a; };\n' })
    const after = await kernel.find(['start'])
    expect(crcOf(after, 'start')).not.toBe(crcOf(before, 'start'))
  })

  it('sees a header that is found no more', async () => {
    kernel.write({ 'first/types.h': 'struct thing { char a; };\n' })
    const before = await kernel.find(['start'])
    kernel.remove('first/types.h')
    expect(crcOf(await kernel.find(['start']), 'start')).not.toBe(crcOf(before, 'start'))
  })

  it('lets make bring a generated header up to date', async () => {
    const before = await kernel.find(['gen'])
    kernel.write({ 'lib/table.txt': '2\n' })
    const future = Date.now() / 1000 + 5
    utimesSync(join(kernel.source, 'lib/table.txt'), future, future)
    expect(crcOf(await kernel.find(['gen']), 'gen')).not.toBe(crcOf(before, 'gen'))
  })

  it('lets make build the folder where the object alone has no rule for its generated source, as up to Linux 4.19', async () => {
    const makefile = readFileSync(join(kernel.source, 'Makefile'), 'utf8')
    const rule = '$(filter-out lib/thunk.o,$(objs)): %.o: $(src)/%.c\n'
    const recipe = makefile.slice(makefile.indexOf(rule) + rule.length, makefile.indexOf('lib/thunk.o: %.o'))
    kernel.write({
      Makefile:
        makefile.replace('filter-out lib/thunk.o,', 'filter-out lib/thunk.o lib/gen.o,') +
        `ifdef obj\nlib/gen.o: lib/gen.c\n${recipe}else\nlib/gen.o: ; @echo no rule for $@ >&2; exit 2\nendif\n` +
        'lib/gen.c: $(src)/lib/gen.txt ; cp $< $@\n' +
        'lib/: FORCE ; $(MAKE) -f $(src)/Makefile src=$(src) obj=lib objects\n',
      'lib/gen.txt': '#include <linux/export.h>\n#include "table.h"\nint gen;\nEXPORT_SYMBOL(gen);\n',
    })
    kernel.remove('lib/gen.c')
    expect(found(await kernel.find(['gen'])).exports).toMatchObject([{ symbol: 'gen', object: 'lib/gen.o' }])
    // What the folder's target made beside it is still listed.
    expect(found(await kernel.find('all')).exports.map(({ symbol }) => symbol)).toEqual(
      expect.arrayContaining(['gen', 'plain', 'part', 'thunk_rax']),
    )
    kernel.write({ 'lib/table.txt': '2\n' })
    const future = Date.now() / 1000 + 5
    utimesSync(join(kernel.source, 'lib/table.txt'), future, future)
    expect(found(await kernel.find(['gen'])).exports).toHaveLength(1)
  })

  // Source of the recipes: the kernel's Makefile and Kbuild.include; `+` makes make run them in a dry run as well.
  it.each([
    ['up to Linux 5.17', "printf '%s' '$(cmd_link-vmlinux)' >.vmlinux.cmd"],
    ['from Linux 5.18 to 6.0', 'cat .vmlinux.d >.vmlinux.cmd'],
  ])('leaves the kernel unlinked where a dry run would link it, as %s', async (_, behind) => {
    const makefile = readFileSync(join(kernel.source, 'Makefile'), 'utf8')
    kernel.write({
      Makefile: `${makefile.replace(' vmlinux.a', '')}\ncmd_link-vmlinux = touch ${kernel.output}/linked; exit 1\nvmlinux:\n\t+@set -e; $(cmd_link-vmlinux); ${behind}\n`,
    })
    expect(found(await kernel.find(['plain'])).exports).toHaveLength(1)
    for (const made of ['linked', '.vmlinux.cmd']) expect(existsSync(join(kernel.output, made))).toBe(false)
  })

  it('notices an export that went away', async () => {
    await kernel.find(['plain'])
    kernel.write({ 'lib/plain.c': '#include <linux/export.h>\nint plain;\n' })
    expect(found(await kernel.find(['plain'])).absent).toEqual(['plain'])
  })

  it('notices an object that the Makefile no longer enables', async () => {
    await kernel.find(['plain'])
    const makefile = readFileSync(join(kernel.source, 'Makefile'), 'utf8')
    kernel.write({ Makefile: makefile.replace('lib/plain.o', '') })
    const run = await kernel.find(['plain'])
    expect(run.runs.make).toBe(3)
    expect(found(run).absent).toEqual(['plain'])
  })

  it('notices another genksyms', async () => {
    const before = await kernel.find(['plain'])
    const program = join(kernel.output, 'scripts/genksyms/genksyms')
    writeFileSync(program, readFileSync(program, 'utf8').replace('cksum', "sed 's/int/x/' | cksum"))
    expect(crcOf(await kernel.find(['plain']), 'plain')).not.toBe(crcOf(before, 'plain'))
  })

  it('is not deceived by an object that an interrupted run left in the build folder', async () => {
    const args = [
      '-C',
      kernel.output,
      '-f',
      join(kernel.source, 'Makefile'),
      `src=${kernel.source}`,
      'lib/plain.o',
    ]
    expect(spawnSync('make', args).status).toBe(0)
    expect(found(await kernel.find(['plain'])).exports).toHaveLength(1)
    expect(existsSync(join(kernel.output, 'lib/plain.o'))).toBe(false)
  })

  it('leaves no object in the build folder', async () => {
    await kernel.find('all')
    expect(existsSync(join(kernel.output, 'lib/table.h'))).toBe(true)
    expect(existsSync(join(kernel.output, 'lib/gen.o'))).toBe(false)
  })
})

describe.skipIf(!hasTools)('findExports, when something is wrong (needs make, gcc and nm)', () => {
  const broken = '#include <linux/export.h>\n#include <gone.h>\nint plain;\nEXPORT_SYMBOL(plain);\n'

  it('says nothing about a symbol whose object cannot be preprocessed', async () => {
    kernel.write({ 'lib/plain.c': broken })
    expect(problems(await kernel.find(['plain', 'start']))).toMatchObject([
      { kind: 'build-failed', place: { file: join(kernel.source, 'lib/plain.c') } },
    ])
  })

  it('never calls a symbol absent while an object failed', async () => {
    kernel.write({ 'lib/plain.c': broken })
    expect(problems(await kernel.find(['nowhere']))).toMatchObject([{ kind: 'build-failed' }])
  })

  it('does not mind a failure elsewhere when everything was found', async () => {
    kernel.write({ 'lib/plain.c': broken })
    expect(found(await kernel.find(['start'])).exports).toHaveLength(1)
  })

  it('refuses a symbol that two enabled objects export', async () => {
    kernel.write({ 'lib/quiet.c': '#include <linux/export.h>\nint plain;\nEXPORT_SYMBOL_GPL(plain);\n' })
    expect(problems(await kernel.find(['plain']))).toMatchObject([
      { kind: 'conflicting-rows', message: expect.stringContaining('lib/quiet.o') as string },
    ])
  })

  it('refuses a list with an object that has no source', async () => {
    kernel.remove('lib/quiet.c')
    expect(problems(await kernel.find(['start']))).toMatchObject([{ kind: 'build-failed' }])
  })

  it('refuses a macro that it does not understand rather than guess the type', async () => {
    const header = readFileSync(join(kernel.source, 'include/linux/export.h'), 'utf8')
    kernel.write({ 'include/linux/export.h': header.replace('___ksymtab" sec', '___table" sec') })
    expect(problems(await kernel.find(['usb']))).toMatchObject([{ kind: 'build-failed' }])
  })

  it('takes the type from the preprocessor when a header gives EXPORT_SYMBOL another meaning', async () => {
    kernel.write({
      'include/types.h':
        '#undef EXPORT_SYMBOL\n#define EXPORT_SYMBOL(sym) ___EXPORT_SYMBOL(sym, "_gpl", "OTHER")\nstruct thing { int a; };\n',
    })
    expect(found(await kernel.find(['start'])).exports).toMatchObject([
      { type: 'EXPORT_SYMBOL_GPL', namespace: 'OTHER' },
    ])
  })

  it('can be stopped and run again', async () => {
    expect(problems(await kernel.find('all', { signal: AbortSignal.abort() }))).toMatchObject([
      { kind: 'interrupted' },
    ])
    const stopping = new AbortController()
    setTimeout(() => stopping.abort(), 150)
    await kernel.find('all', { signal: stopping.signal })
    expect(found(await kernel.find('all')).exports).toHaveLength(9)
  })
})
