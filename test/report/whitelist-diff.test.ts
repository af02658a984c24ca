import { describe, expect, test } from 'vitest'
import { compareWhitelists, type VariantDifference } from '../../src/abi/compare-whitelists.ts'
import type { Whitelist } from '../../src/abi/whitelist.ts'
import { renderWhitelistDiffJson } from '../../src/report/whitelist-diff-json.ts'
import { renderWhitelistDiffMarkdown } from '../../src/report/whitelist-diff-markdown.ts'
import { renderWhitelistDiff } from '../../src/report/whitelist-diff-text.ts'

function list(symbols: readonly string[], module = 'vmlinux'): Whitelist {
  const rows = symbols.map((symbol, index) => ({
    symbol,
    crc: 1,
    module,
    type: undefined,
    namespace: undefined,
    section: '',
    file: 'w',
    line: index + 1,
  }))
  return { file: 'w', dialect: 'canonical', rows }
}

function variant(name: string, before: Whitelist, after: Whitelist): VariantDifference {
  return { variant: name, before, after, difference: compareWhitelists(before, after) }
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`)
const grown = variant('a', list(['x']), list(['x', ...numbered(11)]))
const huge = variant('b', list(['x']), list(['x', ...numbered(501)]))

test('a long table is folded and a longer one cut, with a count', () => {
  expect(renderWhitelistDiffMarkdown([grown])).toContain('<details><summary>11 rows</summary>')
  const text = renderWhitelistDiffMarkdown([huge])
  expect(text.match(/^\| added/gm)).toHaveLength(500)
  expect(text).toContain('… and 1 more.')
})

test('text and JSON leave no row out', () => {
  expect(renderWhitelistDiff([huge], { color: false }).match(/^ {2}added/gm)).toHaveLength(501)
  expect(renderWhitelistDiffJson([huge]).match(/"symbol": /g)).toHaveLength(501)
})

test('variants without a difference are counted, not shown', () => {
  const same = variant('same', list(['x']), list(['x']))
  const text = renderWhitelistDiff([grown, same], { color: false })
  expect(text).toMatch(/^GROWN: 11 symbols added in 1 of 2 variants\n/)
  expect(text).not.toContain('same:')
})

describe('what others wrote', () => {
  const evil = '\u001b[31m|<b>`\n::error::x'
  const differences = [variant(evil, list(['x'], evil), list(['x'], 'vmlinux'))]

  test('cannot reach a terminal or a runner', () => {
    const text = renderWhitelistDiff(differences, { color: false })
    expect(text).not.toContain('\u001b')
    expect(text).not.toMatch(/^::/m)
    expect(renderWhitelistDiffJson(differences)).not.toContain('\u001b')
  })

  test('cannot become markup', () => {
    const text = renderWhitelistDiffMarkdown(differences)
    expect(text).not.toContain('<b>')
    expect(text.split('\n').filter((line) => line.startsWith('| changed'))).toHaveLength(1)
  })
})
