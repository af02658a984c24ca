import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatWhitelist } from '../../src/abi/format-whitelist.ts'
import { parseSymvers } from '../../src/abi/parse-symvers.ts'
import { parseWhitelist } from '../../src/abi/parse-whitelist.ts'
import { planUpdate } from '../../src/abi/plan-update.ts'
import { formatCrc, type Export, type Symvers } from '../../src/abi/export.ts'
import type { Whitelist } from '../../src/abi/whitelist.ts'
import { arbitraryWhitelist } from './arbitrary-whitelist.ts'

const list = `0x00000001	a	vmlinux	EXPORT_SYMBOL	
0x00000002	b	vmlinux	EXPORT_SYMBOL	
[net]
0x00000001	a	vmlinux	EXPORT_SYMBOL	
0x00000003	c	net/c	EXPORT_SYMBOL_GPL	NS
`
const build = `0x00000001	a	vmlinux	EXPORT_SYMBOL	
0x00000002	b	vmlinux	EXPORT_SYMBOL	
0x00000003	c	net/c	EXPORT_SYMBOL_GPL	NS
0x00000004	d	vmlinux	EXPORT_SYMBOL	
0x00000000	zero	vmlinux	EXPORT_SYMBOL	
`

function plan(changedBuild: string, { names = '', accepted = [] as readonly string[] } = {}) {
  const whitelist = parseWhitelist(list, 'w').value
  const planned = planUpdate({
    whitelist,
    symvers: parseSymvers(changedBuild, 's').value,
    names: names === '' ? undefined : parseWhitelist(names, 'n').value,
    accepted: new Set(accepted),
  })
  return {
    text: formatWhitelist({ ...whitelist, rows: planned.rows }),
    added: planned.added.map(({ symbol, section }) => `${section}:${symbol}`),
    changed: planned.changed.map(({ symbol }) => symbol),
    removed: planned.removed.map(({ symbol, section }) => `${section}:${symbol}`),
    refused: planned.refused.map(({ kind, symbol }) => `${kind} ${symbol}`),
    absent: planned.absent,
    unversioned: planned.unversioned,
  }
}

const nothing = { added: [], changed: [], removed: [], refused: [], absent: [], unversioned: [] }
const changedA = build.replace('0x00000001', '0x000000aa')
const withoutA = build.replace(/^.*\ta\t.*\n/m, '')

describe('planUpdate', () => {
  it('leaves a list alone that the build keeps', () => {
    expect(plan(build)).toEqual({ ...nothing, text: list })
  })

  it('adds rows for names that are not protected, in their sections, and only for those', () => {
    const names = '[net]\nd\na\n[new]\nd\nb\n'
    expect(plan(build, { names })).toEqual({
      ...nothing,
      added: ['net:d', 'new:d'],
      text:
        list + '0x00000004\td\tvmlinux\tEXPORT_SYMBOL\t\n[new]\n0x00000004\td\tvmlinux\tEXPORT_SYMBOL\t\n',
    })
  })

  it('names what it cannot add', () => {
    expect(plan(build, { names: 'nowhere\nzero\nb\n' })).toEqual({
      ...nothing,
      text: list,
      absent: ['nowhere'],
      unversioned: ['zero'],
    })
  })

  it('calls a protected symbol that went removed, and not an unknown name', () => {
    expect(plan(withoutA, { names: 'a\nnowhere\n' })).toMatchObject({
      refused: ['removed a'],
      absent: ['nowhere'],
    })
  })

  it.each<[string, string, string[]]>([
    ['another checksum', changedA, ['changed a']],
    ['no such symbol', withoutA, ['removed a']],
    ['no checksum', build.replace('0x00000001', '0x00000000'), ['unversioned a']],
    ['a GPL-only symbol', build.replace('a\tvmlinux\tEXPORT_SYMBOL', '$&_GPL'), ['export-type a']],
    ['a symbol of another module', build.replace('net/c', 'net/d'), ['moved c']],
    ['a symbol of another namespace', build.replace('NS', 'NS2'), ['namespace c']],
    ['two changes of one symbol', changedA.replace('a\tvmlinux', 'a\tlib/a'), ['changed a', 'moved a']],
  ])('refuses a build with %s, whatever else was accepted', (_, changed, refused) => {
    expect(plan(changed)).toEqual({ ...nothing, refused, text: list })
    expect(plan(changed, { accepted: ['b'] }).refused).toEqual(refused)
  })

  it('changes an accepted row in every section that it stands in, and reports it once', () => {
    expect(plan(changedA, { accepted: ['a'] })).toEqual({
      ...nothing,
      changed: ['a'],
      text: list.replaceAll('0x00000001', '0x000000aa'),
    })
  })

  it('removes an accepted row from every section when the build has no such symbol', () => {
    expect(plan(withoutA, { accepted: ['a'] })).toEqual({
      ...nothing,
      removed: [':a', 'net:a'],
      text: list.replace(/^.*\ta\t.*\n/gm, ''),
    })
  })

  it('takes over every column of an accepted row, also what breaks nothing', () => {
    const freed = build.replace('EXPORT_SYMBOL_GPL\tNS', 'EXPORT_SYMBOL\t')
    expect(plan(freed)).toEqual({ ...nothing, text: list })
    expect(plan(freed, { accepted: ['c'] })).toEqual({
      ...nothing,
      changed: ['c'],
      text: list.replace('EXPORT_SYMBOL_GPL\tNS', 'EXPORT_SYMBOL\t'),
    })
  })

  it('cannot put nothing in the place of a checksum, accepted or not', () => {
    const unversioned = build.replace('0x00000001', '0x00000000')
    expect(plan(unversioned, { accepted: ['a'] })).toEqual({
      ...nothing,
      refused: ['unversioned a'],
      text: list,
    })
  })
})

/** A build that has most rows of a whitelist, some of them changed, and some exports of its own. */
function arbitraryBuild({ rows }: Whitelist): fc.Arbitrary<Symvers> {
  const symbols = new Map(rows.map((row) => [row.symbol, row]))
  const fate = fc.constantFrom<'same' | 'changed' | 'moved' | 'removed' | 'zero'>(
    'same',
    'same',
    'changed',
    'moved',
    'removed',
    'zero',
  )
  const others = fc.uniqueArray(fc.stringMatching(/^new_[a-z]{1,6}$/), { maxLength: 5 })
  return fc
    .tuple(fc.array(fate, { minLength: symbols.size, maxLength: symbols.size }), others)
    .map(([fates, names]) => {
      const exported = (symbol: string, crc: number, module: string): Export => ({
        symbol,
        crc,
        module,
        type: 'EXPORT_SYMBOL',
        namespace: '',
        file: 's',
        line: 1,
      })
      const kept = [...symbols.values()].flatMap((row, index): Export[] => {
        const { symbol, crc = 1, module = 'vmlinux', type, namespace } = row
        const same = { ...exported(symbol, crc, module), type, namespace }
        switch (fates[index]) {
          case 'changed':
            return [{ ...same, crc: (crc ^ 1) >>> 0 || 2 }]
          case 'moved':
            return [{ ...same, module: `${module}2` }]
          case 'removed':
            return []
          case 'zero':
            return [{ ...same, crc: 0 }]
          default:
            return [same]
        }
      })
      return { file: 's', exports: [...kept, ...names.map((name) => exported(name, 5, 'vmlinux'))] }
    })
}

const situation = arbitraryWhitelist.chain((whitelist) => {
  const listed = [...new Set(whitelist.rows.map(({ symbol }) => symbol))]
  return fc.record({
    whitelist: fc.constant({
      ...whitelist,
      rows: whitelist.rows.map((row) => ({ ...row, crc: row.crc ?? 1 })),
    }),
    symvers: arbitraryBuild(whitelist),
    accepted: fc.subarray(listed).map((symbols) => new Set(symbols)),
    wanted: fc.subarray([...listed, 'nowhere']),
  })
})

function namesList(symbols: readonly string[]): Whitelist {
  const empty = { crc: undefined, module: undefined, type: undefined, namespace: undefined, section: 'names' }
  return {
    file: 'n',
    dialect: 'names',
    rows: symbols.map((symbol) => ({ symbol, ...empty, file: 'n', line: 1 })),
  }
}

/** Rows as lines that tell everything about them. */
const lines = (rows: Whitelist['rows']) =>
  rows.map(({ section, symbol, crc, module, type, namespace, lifetime }) =>
    JSON.stringify([section, symbol, crc && formatCrc(crc), module, type, namespace, lifetime]),
  )

describe('the laws of an update', () => {
  it('changes and removes nothing but rows of accepted symbols', () => {
    fc.assert(
      fc.property(situation, ({ whitelist, symvers, accepted, wanted }) => {
        const fresh = symvers.exports.map(({ symbol }) => symbol)
        const { rows } = planUpdate({ whitelist, symvers, accepted, names: namesList([...wanted, ...fresh]) })
        const others = whitelist.rows.filter(({ symbol }) => !accepted.has(symbol))
        expect(lines(rows)).toEqual(expect.arrayContaining(lines(others)))
        const listed = new Set(whitelist.rows.map(({ symbol }) => symbol))
        const touched = rows.filter(({ symbol }) => listed.has(symbol) && !accepted.has(symbol))
        expect(lines(touched)).toEqual(lines(others))
      }),
    )
  })

  it('brings a list that accepts everything to where the same update has nothing left to do', () => {
    fc.assert(
      fc.property(situation, ({ whitelist, symvers, wanted }) => {
        const versioned = { ...symvers, exports: symvers.exports.filter(({ crc }) => crc !== 0) }
        const accepted = new Set(whitelist.rows.map(({ symbol }) => symbol))
        const request = { whitelist, symvers: versioned, accepted, names: namesList(wanted) }
        const { rows, refused } = planUpdate(request)
        expect(refused).toEqual([])
        const again = planUpdate({ ...request, whitelist: { ...whitelist, rows } })
        expect(again).toMatchObject({ added: [], changed: [], removed: [], refused: [] })
        expect(again.rows).toEqual(rows)
      }),
    )
  })

  it('accounts for every row: kept, changed, removed or added', () => {
    fc.assert(
      fc.property(situation, ({ whitelist, symvers, accepted, wanted }) => {
        const { rows, added, removed } = planUpdate({
          whitelist,
          symvers,
          accepted,
          names: namesList(wanted),
        })
        expect(rows.length).toBe(whitelist.rows.length - removed.length + added.length)
      }),
    )
  })
})
