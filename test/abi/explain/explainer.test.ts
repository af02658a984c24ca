import fc from 'fast-check'
import { runs } from '../../support/properties.ts'
import { describe, expect, it } from 'vitest'
import type { Explanation } from '../../../src/abi/cause.ts'
import { explainer, type VariantExplanation } from '../../../src/abi/explain/explainer.ts'
import { mergeExplanations } from '../../../src/abi/explain/merge-explanations.ts'
import { someDefinitions } from '../some-definitions.ts'
import { checksumOf, fedText, symtypesFile, type Definitions } from '../symtypes-oracle.ts'

const exports = ['f', 'g', 'kfree', '_x']

function crc(definitions: Definitions, symbol: string): number {
  return checksumOf(fedText(definitions, symbol))
}

/** Explains the exports whose checksum differs. */
function explain(before: Definitions, after: Definitions): VariantExplanation {
  const one = explainer()
  const symbols = exports
    .filter((symbol) => before.has(symbol) && after.has(symbol))
    .map((symbol) => ({ symbol, before: crc(before, symbol), after: crc(after, symbol) }))
    .filter((changed) => changed.before !== changed.after)
  one.add({ before: symtypesFile(before), after: symtypesFile(after), symbols })
  return one.explanation()
}

function merged(variants: ReadonlyMap<string, VariantExplanation>): Explanation {
  return mergeExplanations(variants).explanation
}

function definitions(text: string): Definitions {
  const lines = text.trim().split('\n')
  return new Map(
    lines.map((line): [string, readonly string[]] => {
      const [name = '', ...tokens] = line.trim().split(' ')
      return [name, tokens]
    }),
  )
}

/** The definitions with those of some names as they were before; a name that is gone comes back. */
function putBack(after: Definitions, before: Definitions, names: readonly string[]): Definitions {
  return new Map([...before, ...after, ...names.map((name) => [name, before.get(name) ?? []] as const)])
}

/** A kernel before and after: some definitions have another text. */
const twoSides = fc
  .tuple(someDefinitions, someDefinitions, fc.func(fc.boolean()))
  .map(([before, other, edited]) => ({
    before,
    after: new Map(
      [...before].map(([name, tokens]) => [name, edited(name) ? (other.get(name) ?? tokens) : tokens]),
    ),
  }))

/** A kernel whose texts change but often mean the same: references give way to what they stand for, and the other way round. */
const alikeSides = fc.tuple(twoSides, fc.func(fc.nat({ max: 3 }))).map(([{ before, after }, how]) => {
  const inlined = (tokens: readonly string[]): readonly string[] =>
    tokens.flatMap((token) => before.get(token) ?? [token])
  /** Another name whose text is the same one. */
  const renamed = (tokens: readonly string[]): readonly string[] =>
    tokens.map((token) => {
      const text = before.get(token)?.join(' ')
      return [...before].find(([name, other]) => name !== token && text === other.join(' '))?.[0] ?? token
    })
  const edits = [inlined, renamed, (tokens: readonly string[]) => tokens]
  return {
    before,
    after: new Map(
      [...before].map(([name, tokens]) => [name, edits[how(name)]?.(tokens) ?? after.get(name) ?? tokens]),
    ),
  }
})

/** What the property suite found: texts that differ and expand alike, once as in the baseline and once as changed. */
function sides(before: string, after: string) {
  const all = ['a', 'b', 'c'].map((name): [string, readonly string[]] => [`s#${name}`, ['begin']])
  const rest = exports.map((name): [string, readonly string[]] => [name, ['begin']])
  const common = new Map([...all, ...rest])
  return {
    before: new Map([...common, ...definitions(before)]),
    after: new Map([...common, ...definitions(after)]),
  }
}
const alike = [
  sides(`t#b begin s#a\n_x begin t#b`, `t#b begin s#c\n_x begin`),
  sides(`e#f begin s#a\ng begin e#f`, `e#f begin s#c\ns#c begin int\ng begin e#f`),
  sides(`u#e begin\nkfree begin s#a`, `u#e begin int\nkfree begin u#e`),
  // Two that cancel each other, beside one that counts.
  sides(`t#a x\nt#b y z\nf t#a t#b int`, `t#a x y\nt#b z\nf t#a t#b long`),
  // Putting more back spoils it: the other bound has the same value only now.
  sides(`E#A 5\nE#B 7\nt#b [ E#A ]\nf t#b int`, `E#A 5\nE#B 5\nt#b [ E#B ]\nf t#b long\n`),
  sides(`E#A 5\nE#B 7\nt#b [ E#A ]\nf t#b int\ng E#B`, `E#A 5\nE#B 5\nt#b [ E#B ]\nf t#b long\ng E#B`),
  // One that is reached in the baseline alone.
  sides(`t#a int\nf t#a x`, `t#a long\nf int y`),
].map((one): [typeof one] => [one])

function subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
  return items.reduce<readonly (readonly T[])[]>(
    (all, item) => [...all, ...all.map((some) => [...some, item])],
    [[]],
  )
}

describe('an explanation', () => {
  it.each([
    ['any', twoSides],
    ['those that often expand alike', alikeSides],
  ])(
    'names for each symbol a set of definitions that brings its checksum back, and no part of which does: %s',
    (_, some) => {
      fc.assert(
        fc.property(some, ({ before, after }) => {
          const { causesOf, causes, unexplained } = explain(before, after)
          expect([...unexplained]).toEqual([])
          for (const symbol of exports) {
            const places = causesOf.get(symbol)
            if (crc(before, symbol) === crc(after, symbol)) {
              expect(places).toBeUndefined()
              continue
            }
            const names = (places ?? []).map((place) => causes[place]?.name ?? '')
            expect(names.length).toBeGreaterThan(0)
            expect(crc(putBack(after, before, names), symbol)).toBe(crc(before, symbol))
            const fewer =
              names.length > 6
                ? names.map((left) => names.filter((name) => name !== left))
                : subsets(names).filter(({ length }) => length < names.length)
            for (const some of fewer)
              expect(crc(putBack(after, before, some), symbol)).not.toBe(crc(before, symbol))
          }
        }),
        { numRuns: runs(500), examples: alike },
      )
    },
  )

  it.each([
    ['any', twoSides],
    ['those that often expand alike', alikeSides],
  ])('counts what comes back after each step as putting back shows it: %s', (_, some) => {
    fc.assert(
      fc.property(some, ({ before, after }) => {
        const { repair, causes, changed, proven } = merged(new Map([['x86_64', explain(before, after)]]))
        const broken = exports.filter((symbol) => crc(before, symbol) !== crc(after, symbol))
        expect([changed, proven]).toEqual([broken.length, broken.length])
        const names: string[] = []
        for (const step of repair) {
          names.push(...step.causes.map((id) => causes.find((cause) => cause.id === id)?.name ?? ''))
          const back = broken.filter(
            (symbol) => crc(putBack(after, before, names), symbol) === crc(before, symbol),
          )
          expect(step.restored).toBe(back.length)
        }
        expect(repair.at(-1)?.restored ?? 0).toBe(broken.length)
        for (const { name, alone } of causes) {
          const back = broken.filter(
            (symbol) => crc(putBack(after, before, [name]), symbol) === crc(before, symbol),
          )
          expect(alone).toBe(back.length)
        }
      }),
      { numRuns: runs(500), examples: alike },
    )
  })

  const before = definitions(`
    s#module struct module { s#list_head list ; }
    s#list_head struct list_head { s#list_head * next , * prev ; }
    s#driver struct driver { s#module * owner ; s#ops * ops ; }
    s#ops struct ops { UNKNOWN }
    f int f ( s#driver * )
    g void g ( s#ops * )`)

  it('leads from an example symbol to the cause', () => {
    const after = new Map([
      ...before,
      ['s#list_head', 'struct list_head { s#list_head * next ; }'.split(' ')] as const,
    ])
    const { causes } = explain(before, after)
    expect(causes).toEqual([
      {
        name: 's#list_head',
        before: 'struct list_head { s#list_head * next , * prev ; }',
        after: 'struct list_head { s#list_head * next ; }',
        changes: [{ class: 'field-removed', subject: 'struct list_head *prev' }],
        symbols: ['f'],
        chain: ['f', 's#driver', 's#module', 's#list_head'],
      },
    ])
  })

  it('tells definitions that play no part once the others are repaired', () => {
    const after = new Map([
      ...before,
      ['s#ops', 'struct ops { s#module * m ; }'.split(' ')] as const,
      ['s#module', 'struct module { int x ; }'.split(' ')] as const,
      ['f', ['int', 'f', '(', ')']] as const,
    ])
    const { causes } = merged(new Map([['x86_64', explain(before, after)]]))
    expect(causes.map(({ name, matters, symbols, alone }) => [name, matters, symbols, alone])).toEqual([
      ['s#ops', true, 2, 1],
      ['f', true, 1, 0],
      ['s#module', true, 1, 0],
    ])
    const inG = explain(before, new Map([...after, ['f', before.get('f') ?? []]]))
    expect(inG.causesOf.get('g')).toEqual([expect.any(Number)])
  })

  it('has the classes of a cause in every object', () => {
    const after = new Map([...before, ['s#ops', 'struct ops { s#module * m ; }'.split(' ')] as const])
    const one = explainer()
    const pair = { before: symtypesFile(before), after: symtypesFile(after) }
    const symbols = (symbol: string) => [{ symbol, before: crc(before, symbol), after: crc(after, symbol) }]
    one.add({ ...pair, unseenBefore: [], symbols: symbols('f') })
    one.add({ ...pair, unseenBefore: [], symbols: symbols('g') })
    const classes = () => one.explanation().causes.map(({ changes }) => changes.map((change) => change.class))
    expect(classes()).toEqual([['became-defined']])
    one.add({ ...pair, symbols: symbols('g') })
    expect(classes()).toEqual([['body-seen', 'became-defined']])
  })

  it('resolves the types of a cause in every object', () => {
    const [released, other] = ['int', 'unsigned long'].map((type) =>
      definitions(`t#x typedef ${type} x\ns#a struct a { t#x x ; }\nf int f ( s#a * )`),
    )
    if (!released || !other) throw new Error('two of them')
    const one = explainer()
    const add = (from: Definitions) => {
      const to = new Map([...from, ['s#a', 'struct a { int x ; }'.split(' ')] as const])
      const symbols = [{ symbol: 'f', before: crc(from, 'f'), after: crc(to, 'f') }]
      one.add({ before: symtypesFile(from), after: symtypesFile(to), symbols })
      return one.explanation().causes.map(({ changes }) => changes.map((change) => change.class))
    }
    expect(add(released)).toEqual([['spelling']])
    expect(add(other)).toEqual([['field-retyped', 'spelling']])
    expect(add(released)).toEqual([['field-retyped', 'spelling']])
  })

  it('leaves out a symbol whose baseline types give another checksum than the whitelist has', () => {
    const after = new Map([...before, ['s#ops', ['struct', 'ops', '{', '}']] as const])
    const one = explainer()
    one.add({
      before: symtypesFile(before),
      after: symtypesFile(after),
      symbols: [
        { symbol: 'f', before: 1, after: crc(after, 'f') },
        { symbol: 'g', before: crc(before, 'g'), after: 2 },
        { symbol: 'nobody', before: 3, after: 4 },
      ],
    })
    const { causes, causesOf, unexplained } = one.explanation()
    expect([causes, causesOf.size]).toEqual([[], 0])
    expect([...unexplained]).toEqual([
      ['baseline-not-reproduced', ['f', 'nobody']],
      ['build-not-reproduced', ['g']],
    ])
  })
})

describe('explanations of several variants', () => {
  const before = definitions(`
    s#a struct a { int x ; }
    s#b struct b { int x ; }
    f int f ( s#a * )
    g int g ( s#a * , s#b * )`)
  const wider = new Map([...before, ['s#a', 'struct a { long x ; }'.split(' ')] as const])
  const both = new Map([...wider, ['s#b', 'struct b { long x ; }'.split(' ')] as const])

  it('are one cause where a definition changed in the same way', () => {
    const { explanation, causesOf } = mergeExplanations(
      new Map([
        ['x86_64', explain(before, wider)],
        ['s390x', explain(before, both)],
        ['ppc64', explain(before, before)],
      ]),
    )
    expect(
      explanation.causes.map(({ name, reach, symbols, alone }) => ({ name, reach, symbols, alone })),
    ).toEqual([
      {
        name: 's#a',
        reach: [
          { variant: 'x86_64', symbols: ['f', 'g'] },
          { variant: 's390x', symbols: ['f', 'g'] },
        ],
        symbols: 2,
        alone: 1,
      },
      { name: 's#b', reach: [{ variant: 's390x', symbols: ['g'] }], symbols: 1, alone: 0 },
    ])
    const [a = '', b = ''] = explanation.causes.map(({ id }) => id)
    expect(a).toMatch(/^s#a:[0-9a-f]{8}$/)
    expect(explanation.groups).toEqual([
      { causes: [a], symbols: ['f'] },
      { causes: [a, b], symbols: ['g'] },
    ])
    expect(explanation.repair).toEqual([
      { causes: [a], restored: 1 },
      { causes: [b], restored: 2 },
    ])
    expect(causesOf.get('x86_64')).toEqual(
      new Map([
        ['f', [a]],
        ['g', [a]],
      ]),
    )
  })

  it('do not count a symbol as proven that one of them cannot explain', () => {
    const one = explainer()
    one.giveUp('no-types', ['f'])
    const { changed, proven, unexplained } = merged(
      new Map([
        ['x86_64', explain(before, wider)],
        ['s390x', one.explanation()],
      ]),
    )
    expect([changed, proven]).toEqual([2, 1])
    expect(unexplained).toEqual([{ variant: 's390x', why: 'no-types', symbols: ['f'] }])
  })
})
