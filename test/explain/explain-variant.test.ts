import { stableGuard } from '../../src/judge/variant-case.ts'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Evidence, ObjectRecord } from '../../src/abi/evidence.ts'
import { explainVariant } from '../../src/explain/explain-variant.ts'
import type { Whitelist } from '../../src/abi/whitelist.ts'
import { readWhitelist } from '../../src/baseline/read-whitelist.ts'
import { symbolsOfTypes } from '../../src/explain/symbols-of-types.ts'
import { unrecorded } from '../judge/cases.ts'
import { checksumOf, fedText, symtypesFile, type Definitions } from '../abi/symtypes-oracle.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function definitions(...lines: readonly string[]): Definitions {
  return new Map(
    lines.map((line): [string, readonly string[]] => {
      const [name = '', ...tokens] = line.split(' ')
      return [name, tokens]
    }),
  )
}

const before = definitions('s#a struct a { int x ; }', 'f int f ( s#a * )', 'g int g ( void )')
const after = definitions('s#a struct a { long x ; }', 'f int f ( s#a * )', 'g long g ( void )')
const crc = (side: Definitions, symbol: string) => checksumOf(fedText(side, symbol))

interface Situation {
  /** The consolidated types beside the whitelist. */
  readonly stored?: string
  readonly objects?: Readonly<Record<string, Definitions>> | 'none'
  readonly unseen?: readonly string[] | undefined
}

const storedTypes = [
  '/* a.symtypes */',
  ...[...before].map(([name, tokens]) => `${name} ${tokens.join(' ')}`),
  '',
]

async function situation({
  stored = storedTypes.join('\n'),
  objects = { 'a.o': after },
  unseen,
}: Situation = {}) {
  const folder = temporaryFolder()
  const list = join(folder, 'kabi_whitelist')
  const row = (symbol: string) =>
    `0x${crc(before, symbol).toString(16).padStart(8, '0')}\t${symbol}\tvmlinux\tEXPORT_SYMBOL\t\n`
  writeFileSync(list, row('f') + row('g'))
  if (stored !== '') writeFileSync(join(folder, 'symtypes.gz'), gzipSync(stored))
  const { value: whitelist } = await readWhitelist({ path: list })
  const records = new Map<string, ObjectRecord>()
  for (const [object, types] of Object.entries(objects === 'none' ? {} : objects)) {
    const file = join(folder, 'results', `${object}.symtypes`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, symtypesFile(types))
    const exports = [...types.keys()].filter((name) => !name.includes('#'))
    records.set(object, { exports, types: file, dependencies: [], unseen })
  }
  const evidence: Evidence = {
    kind: 'evidence',
    variant: 'x86_64',
    symvers: {
      file: 'linux',
      exports: ['f', 'g'].map((symbol) => ({
        symbol,
        crc: crc(after, symbol),
        module: 'vmlinux',
        type: 'EXPORT_SYMBOL',
        namespace: '',
        file: 'a.c',
        line: 1,
      })),
    },
    how: { strategy: 'exports', seconds: 1 },
    build: {
      arch: 'x86_64',
      kernel: '6.1',
      genksyms: '',
      options: new Map(),
      ...(objects === 'none' ? {} : { objects: records }),
    },
    notes: [],
  }
  return { whitelist, evidence, folder }
}

function explain(whitelist: Whitelist, collected: Evidence, unseenBodies?: readonly string[]) {
  const baseline = { file: 'baseline.yml', baseline: { ...unrecorded, unseenBodies } }
  return explainVariant(stableGuard({ whitelist, baseline, collected }), collected)
}

async function explained(some?: Situation) {
  const { whitelist, evidence } = await situation(some)
  const { value, problems } = await explain(whitelist, evidence)
  return {
    causes: value?.causes.map(({ name, symbols }) => [name, ...symbols]),
    unexplained: [...(value?.unexplained ?? [])],
    problems,
  }
}

describe('the explanation of a variant', () => {
  it.each([
    ['opaque', [], 'became-opaque'],
    ['defined for the compiler', ['s#a'], 'body-unseen'],
    ['not looked at', undefined, 'body-unseen'],
  ] as const)('tells what { UNKNOWN } means in a build where the type is %s', async (_, unseen, expected) => {
    const lost = new Map([...before, ['s#a', 'struct a { UNKNOWN }'.split(' ')] as const])
    const { whitelist, evidence } = await situation({ objects: { 'a.o': lost }, unseen })
    const crcs = evidence.symvers.exports.map((row) => ({ ...row, crc: crc(lost, row.symbol) }))
    const { value } = await explain(whitelist, {
      ...evidence,
      symvers: { ...evidence.symvers, exports: crcs },
    })
    expect(value?.causes.map(({ changes }) => changes.map((change) => change.class))).toEqual([[expected]])
  })

  it.each([
    ['opaque', [], 'became-defined'],
    ['defined for the compiler', ['s#a'], 'body-seen'],
    ['not recorded', undefined, 'body-seen'],
  ] as const)(
    'tells what { UNKNOWN } means in a release where the type is %s',
    async (_, unseen, expected) => {
      const stored = storedTypes.join('\n').replace('{ int x ; }', '{ UNKNOWN }')
      const lost = new Map([...before, ['s#a', 'struct a { UNKNOWN }'.split(' ')] as const])
      const { whitelist, evidence } = await situation({ stored, objects: { 'a.o': before } })
      const rows = whitelist.rows.map((row) => ({ ...row, crc: crc(lost, row.symbol) }))
      const exports = evidence.symvers.exports.map((row) => ({ ...row, crc: crc(before, row.symbol) }))
      const { value } = await explain(
        { ...whitelist, rows },
        { ...evidence, symvers: { ...evidence.symvers, exports } },
        unseen,
      )
      expect(value?.causes.map(({ changes }) => changes.map((change) => change.class))).toEqual([[expected]])
    },
  )

  it('comes from the types beside the whitelist and those of the build', async () => {
    expect(await explained()).toEqual({
      causes: [
        ['s#a', 'f'],
        ['g', 'g'],
      ],
      unexplained: [],
      problems: [],
    })
  })

  it('finds the types of a symbol that another object exports now', async () => {
    expect(await explained({ objects: { 'b.o': after } })).toMatchObject({ unexplained: [], problems: [] })
  })

  it.each<[string, Situation, string]>([
    ['no types stand beside the whitelist', { stored: '' }, 'no-baseline-types'],
    ['the strategy keeps none', { objects: 'none' }, 'no-types'],
    ['no object of the build has any', { objects: {} }, 'no-types'],
    [
      'those beside it lack the symbols',
      { stored: '/* a.symtypes */\nh int h ( void )\n' },
      'symbol-without-types',
    ],
    [
      'those beside it give other checksums',
      { stored: '/* a.symtypes */\nf int f ( int )\ng int g ( int )\n' },
      'baseline-not-reproduced',
    ],
    ['those of the build give other checksums', { objects: { 'a.o': before } }, 'build-not-reproduced'],
  ])('is missing, with the reason, when %s', async (_, some, why) => {
    expect(await explained(some)).toEqual({ causes: [], unexplained: [[why, ['f', 'g']]], problems: [] })
  })

  it('is missing with a note where the file of types cannot be read', async () => {
    const { unexplained, problems } = await explained({ stored: '/* a.symtypes */\nf int  f ( void )\n' })
    expect(unexplained).toEqual([['no-baseline-types', ['f', 'g']]])
    expect(problems).toMatchObject([{ kind: 'not-explained', variant: 'x86_64' }])
  })

  it('is not made when nothing changed', async () => {
    const { whitelist, evidence } = await situation()
    const same = { ...evidence, symvers: { file: '', exports: [] } }
    expect(await explain(whitelist, same)).toEqual({ value: undefined, problems: [] })
  })
})

describe('the symbols that tell about a type', () => {
  it('are those of the smallest stored object that has it', async () => {
    const stored = [
      ...storedTypes,
      '/* b.symtypes */',
      's#a struct a { int x ; }',
      'u#only union only { int x ; }',
      's#big struct big { u#only x ; s#a y ; int a , b , c , d , e , f , g , h , i , j , k ; }',
      'g int g ( s#big * )',
      '',
    ]
    const { whitelist } = await situation({ stored: stored.join('\n') })
    expect(await symbolsOfTypes(whitelist, ['s#a', 'u#only', 's#nowhere'])).toEqual(
      new Map([
        ['s#a', ['f', 'g']],
        ['u#only', ['g']],
      ]),
    )
  })

  it('are none for a union where the release has a structure of that name', async () => {
    const { whitelist } = await situation()
    expect([...(await symbolsOfTypes(whitelist, ['u#a', 's#a', 'e#a', 't#a', 't#f'])).keys()]).toEqual([
      's#a',
    ])
  })
})
