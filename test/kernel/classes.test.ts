import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Change, DefinitionChange } from '../../src/abi/cause.ts'
import { changeGravity } from '../../src/abi/explain/change-order.ts'
import { classify } from '../../src/abi/explain/classify.ts'
import { definitionDiff, type DiffLine } from '../../src/abi/explain/definition-diff.ts'
import type { KnownTypes } from '../../src/abi/explain/known-types.ts'
import { definitionTitle } from '../../src/abi/explain/definition-title.ts'
import { unseenBodies } from '../../src/kernel/exports/unseen-bodies.ts'

/**
 * Each class of changes as the kernel's own genksyms shows it: classes/CLASS.h, without and with AFTER. What is made of
 * it stands in classes.md, to be read; UPDATE_GOLDEN=1 rewrites it.
 */

const tree = process.env['KABI_KERNEL_TREE']
if (tree === undefined) throw new Error('KABI_KERNEL_TREE must name an unpacked kernel source tree')

const work = mkdtempSync(join(tmpdir(), 'kabi-classes-'))
const genksyms = join(work, 'genksyms')
const folder = join(import.meta.dirname, 'classes')
const golden = join(import.meta.dirname, 'classes.md')
const cases = readdirSync(folder)
  .filter((name) => name !== 'kernel.h' && name !== 'secret.h')
  .map((name) => basename(name, '.h'))
  .sort()

beforeAll(() => {
  cpSync(join(tree, 'scripts/genksyms'), work, { recursive: true })
  const run = (command: string, ...args: readonly string[]): unknown =>
    execFileSync(command, args, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] })
  run('bison', '-t', '-l', '-d', '-o', 'parse.tab.c', 'parse.y')
  run('flex', '-L', '-o', 'lex.lex.c', 'lex.l')
  const sources = ['genksyms.c', 'parse.tab.c', 'lex.lex.c']
  run('gcc', '-w', '-I.', `-I${join(tree, 'scripts/include')}`, '-o', genksyms, ...sources)
})

afterAll(() => rmSync(work, { recursive: true }))

interface Seen {
  readonly checksums: string
  readonly definitions: ReadonlyMap<string, string>
  readonly types: KnownTypes
}

function see(name: string, ...defines: readonly string[]): Seen {
  const types = join(work, 'types')
  const preprocessed = (...more: readonly string[]): string =>
    execFileSync('gcc', ['-E', ...more, ...defines, `-I${folder}`, '-x', 'c', '-'], {
      input: `#include "${name}.h"\n`,
      encoding: 'utf8',
    })
  const source = preprocessed('-D__GENKSYMS__')
  const checksums = execFileSync(genksyms, ['-T', types], { input: source, encoding: 'utf8' })
  const lines = readFileSync(types, 'utf8').trimEnd().split('\n')
  const definitions = lines.map((line): [string, string] => {
    const [, record = '', text = ''] = /^(\S+) (?:extern )?(.*?) ?$/.exec(line) ?? []
    return [record, text]
  })
  const unseen = unseenBodies(readFileSync(types), [Buffer.from(preprocessed())])
  const known = new Map(definitions)
  return {
    checksums,
    definitions: known,
    types: { textOf: (type) => known.get(type), isOpaque: (type) => !unseen.includes(type) },
  }
}

function changesOf(before: Seen, after: Seen): readonly DefinitionChange[] {
  return [...before.definitions].flatMap(([name, text]) => {
    const other = after.definitions.get(name)
    return other === undefined || other === text ? [] : [{ name, before: text, after: other }]
  })
}

const marks = { same: ' ', added: '+', removed: '-' } as const

function diffText(line: DiffLine): string {
  return line.kind === 'gap' ? `@@ ${line.count} lines @@` : `${marks[line.kind]}${line.text}`
}

function told({ class: found, subject, before, after }: Change): string {
  const sides = before === undefined ? '' : `: \`${before}\` → \`${after ?? ''}\``
  return `* ${found}${subject === undefined ? '' : ` \`${subject}\``}${sides}`
}

function section(name: string): string {
  const [before, after] = [see(name), see(name, '-DAFTER')]
  const types = { before: before.types, after: after.types }
  const [, comment = ''] = /^\/\* (.*) \*\/$/m.exec(readFileSync(join(folder, `${name}.h`), 'utf8')) ?? []
  const parts = changesOf(before, after).map((change) =>
    [
      `\`${definitionTitle(change.name)}\``,
      '',
      ...classify(change, types).map(told),
      '',
      '```diff',
      ...definitionDiff(change).map(diffText),
      '```',
    ].join('\n'),
  )
  return [`## ${name}`, comment, ...parts].join('\n\n')
}

describe('genksyms shows a change of the class', () => {
  it('with a case for every class', () => {
    expect(cases).toEqual(Object.keys(changeGravity).sort())
  })

  it.each(cases)('%s, and it is recognised', (name) => {
    const [before, after] = [see(name), see(name, '-DAFTER')]
    expect(after.checksums).not.toBe(before.checksums)
    const types = { before: before.types, after: after.types }
    const classes = changesOf(before, after).flatMap((change) =>
      classify(change, types).map((one) => one.class),
    )
    expect(classes).toContain(name)
  })

  it('and people read in classes.md what is made of them', () => {
    const sections = cases.map(section)
    const text = ['# Each class of changes, from C through genksyms', ...sections].join('\n\n') + '\n'
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text)
    expect(text).toBe(readFileSync(golden, 'utf8'))
  })
})
