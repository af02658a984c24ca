import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../src/abi/evidence.ts'
import { formatKsymtypes } from '../../src/abi/format-ksymtypes.ts'
import type { AggregateLayout, Layouts } from '../../src/abi/layouts/layout.ts'
import type { Whitelist } from '../../src/abi/whitelist.ts'
import { layoutsOfCase } from '../../src/explain/layouts-of-case.ts'
import { folderOfEachTest } from '../support/temporary-folder.ts'

const path = folderOfEachTest()

const x = (...members: readonly string[]): AggregateLayout => ({
  ...{ kind: 'struct', size: 4 * members.length },
  members: members.map((name, at) => ({ name, offset: 32 * at, type: 'u32' })),
})
const layouts = (
  layout: AggregateLayout,
  symbol = 's32 (s#x *)',
  unknown = new Map<string, string>(),
): Layouts => ({
  ...{ pointer: 8, objects: ['lib/a.o'], unknown },
  types: new Map(unknown.has('s#x') ? [] : [['s#x', { value: layout, object: 0 }]]),
  symbols: new Map([['f', { value: symbol, object: 0 }]]),
})

/** What genksyms wrote down of the release: one object sees the body of the type, another its name alone. */
const dumps = {
  'lib/a': 's#x struct x { int a ; }\nf int f ( s#x * )\nalone int alone ( )\n',
  'lib/b': 's#x struct x { UNKNOWN }\ng int g ( s#x * )\n',
}

async function caseOf(now: Layouts, symbols = ['f', 'g', 'alone'], stored: 'types' | 'none' = 'types') {
  const file = path('kabi_whitelist')
  const bytes = Object.entries(dumps).map(
    ([object, text]) => [object, new TextEncoder().encode(text)] as const,
  )
  if (stored === 'types') writeFileSync(path('symtypes.gz'), gzipSync(formatKsymtypes(new Map(bytes)).value))
  const rows = symbols.map((symbol) => ({
    ...{ symbol, crc: 1, module: 'vmlinux', type: 'EXPORT_SYMBOL', namespace: '', section: '' },
    ...{ file, line: 1 },
  }))
  const whitelist = { file, dialect: 'canonical', rows } as unknown as Whitelist
  const evidence = { layouts: now } as Evidence & { readonly layouts: Layouts }
  return layoutsOfCase({ whitelist, layouts: layouts(x('a')) }, evidence, {
    source: undefined,
    patch: undefined,
  })
}

describe('the layouts of a variant against its release', () => {
  it('reach the symbols that see the body of the type, and none that know its name alone', async () => {
    const { changed } = await caseOf(layouts(x('new', 'a')))
    expect(changed.map(({ name, symbols }) => [name, symbols])).toEqual([['s#x', ['f']]])
    expect(changed[0]?.digest.before).toMatch(/^[0-9a-f]{16}$/)
    expect(changed[0]?.digest.before).not.toBe(changed[0]?.digest.after)
  })

  it('are of a symbol itself where that is something else', async () => {
    const { changed } = await caseOf(layouts(x('a'), 's32 (s#x *, u32)'))
    expect(changed.map(({ name, symbols }) => [name, symbols])).toEqual([['f', ['f']]])
  })

  it('leave out what none of the symbols reaches that are looked at', async () => {
    expect((await caseOf(layouts(x('new', 'a')), ['g', 'alone'])).changed).toEqual([])
  })

  it('are told without symbols where the types of the release are not known', async () => {
    const { changed } = await caseOf(layouts(x('new', 'a')), ['f'], 'none')
    expect(changed.map(({ name, symbols }) => [name, symbols])).toEqual([['s#x', []]])
  })

  it('name what is not known any more, of what the release has', async () => {
    const unknown = new Map([
      ['s#x', 'two objects disagree'],
      ['s#elsewhere', 'nobody asked'],
    ])
    const found = await caseOf(layouts(x('a'), 's32 (s#x *)', unknown))
    expect([found.changed, [...found.unknown]]).toEqual([[], [['s#x', 'two objects disagree']]])
  })

  it('are none where nothing changed', async () => {
    expect(await caseOf(layouts(x('a')))).toEqual({ changed: [], unknown: new Map() })
  })
})
