import { describe, expect, it } from 'vitest'
import type { Break } from '../../src/judge/break.ts'
import { seriesOf, type LookedAt, type Series } from '../../src/judge/series.ts'

/**
 * A commit in one line: `name < parents: what is broken`. `x` and `y` are definitions, `x2` is x in another form; `-f` is a symbol
 * that is gone, `!` stands for one that cannot be looked at.
 */
function commit(line: string): LookedAt {
  const [, name = '', parents = '', state = ''] = /^(\w+)(?: < ([\w ]+))?:(.*)$/.exec(line) ?? []
  const what = state.trim().split(/\s+/).filter(Boolean)
  return {
    commit: { hash: name, subject: `Do ${name}`, date: '2026-11-30' },
    parents: parents.split(' ').filter(Boolean),
    seen: what.includes('!')
      ? { kind: 'skipped', why: 'it does not configure' }
      : {
          kind: 'seen',
          breaks: what.map(broken),
          silent: what.filter((one) => one.startsWith('-')).map((one) => one.slice(1)),
        },
  }
}

/** x breaks f and g, y breaks g. */
function broken(one: string): Break {
  if (one.startsWith('-')) {
    const name = one.slice(1)
    return { kind: 'symbol', finding: 'removed', name, symbols: [name], lines: [] }
  }
  const name = one.charAt(0)
  const symbols = name === 'x' ? ['f', 'g'] : ['g']
  return { kind: 'type', name: `s#${name}`, change: undefined, after: one, symbols, lines: [] }
}

function deeds({ commits }: Series): readonly string[] {
  const names = (sign: string, breaks: readonly Break[]) => breaks.map(({ name }) => `${sign}${name}`)
  return commits.flatMap(({ commit: { hash }, introduced, changed, repaired, skipped, doubtful }) => {
    const what = [...names('+', introduced), ...names('~', changed), ...names('-', repaired)]
    if (skipped !== undefined) return [`${hash} skipped`]
    const doubt = doubtful.length > 0 ? [`or ${doubtful.map((one) => one.hash).join(' ')}`] : []
    return what.length > 0 ? [[hash, ...what, ...doubt].join(' ')] : []
  })
}

const series = (base: string, ...commits: readonly string[]) => seriesOf(commit(base), commits.map(commit))

describe('a series, commit by commit', () => {
  it('names the commit that breaks something, the one that changes it again, and the one that repairs it', () => {
    const found = series('base:', 'a < base:', 'b < a: x', 'c < b: x y', 'd < c: x2 y', 'e < d: y')
    expect(deeds(found)).toEqual(['b +s#x', 'c +s#y', 'd ~s#x', 'e -s#x'])
    expect(found.before).toEqual([])
  })

  it('does not hold against the series what was broken before it', () => {
    const found = series('base: x', 'a < base: x', 'b < a: x y', 'c < b: y')
    expect(found.before.map(({ name }) => name)).toEqual(['s#x'])
    expect(deeds(found)).toEqual(['b +s#y', 'c -s#x'])
  })

  it('leaves a break with the branch that made it, and names a merge only for what neither side had', () => {
    expect(deeds(series('base:', 'm < base:', 't < base: x', 'merge < m t: x', 'after < merge: x'))).toEqual([
      't +s#x',
    ])
    expect(deeds(series('base:', 'm < base:', 't < base: x', 'merge < m t: x y'))).toEqual([
      't +s#x',
      'merge +s#y',
    ])
  })

  it('does not take a merge for the repair that one of its sides brings', () => {
    const found = series('base: x', 'm < base: x', 't < base:', 'merge < m t:')
    expect(deeds(found)).toEqual(['t -s#x'])
    expect(deeds(series('base:', 'm < base:', 't < base: x', 'merge < m t:'))).toEqual([
      't +s#x',
      'merge -s#x',
    ])
  })

  it('does not blame a merge for a definition that both sides changed', () => {
    const found = series('base:', 'm < base: x', 't < base: x2', 'merge < m t: x3')
    expect(deeds(found)).toEqual(['m +s#x', 't +s#x'])
  })

  it('takes what is merged from outside of the series for the base', () => {
    expect(deeds(series('base:', 'a < base:', 'merge < a elsewhere: x'))).toEqual(['merge +s#x'])
  })

  it('says which commits could not be looked at, and that they may have done it', () => {
    const found = series('base:', 'a < base: !', 'b < a: !', 'c < b: x', 'd < c: x y')
    expect(deeds(found)).toEqual(['a skipped', 'b skipped', 'c +s#x or a b', 'd +s#y'])
  })

  it('does not know whether the base did it where that cannot be looked at', () => {
    const found = series('base: !', 'a < base: x')
    expect(found.baseSkipped).toBe('it does not configure')
    expect(deeds(found)).toEqual(['a +s#x or base'])
  })

  it('takes nothing for repaired where every symbol that could tell is gone', () => {
    const found = series('base:', 'a < base: y', 'b < a: -g', 'c < b: y', 'd < c:')
    expect(deeds(found)).toEqual(['a +s#y', 'b +g', 'c -g', 'd -s#y'])
    expect(deeds(series('base:', 'a < base: x', 'b < a: -g'))).toEqual(['a +s#x', 'b +g -s#x'])
  })
})
