import { describe, expect, test } from 'vitest'
import { compareWhitelists, type VariantDifference } from '../../src/abi/compare-whitelists.ts'
import type { Whitelist } from '../../src/abi/whitelist.ts'
import { renderWhitelistDiffJson } from '../../src/report/json/whitelist-json.ts'
import { writeMarkdown } from '../../src/report/markdown/render-markdown.ts'
import { diffModel } from '../../src/report/model/whitelist-models.ts'
import { writeText } from '../../src/report/text/render-text.ts'

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
  return { variant: name, before, after, difference: compareWhitelists(before, after), granted: [] }
}

const text = (differences: readonly VariantDifference[]) =>
  writeText(diffModel({ differences }, []), { color: false })
const markdown = (differences: readonly VariantDifference[], maxBytes = 60_000) =>
  writeMarkdown(diffModel({ differences }, []), { maxBytes })

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`)
const grown = variant('a', list(['x']), list(['x', ...numbered(11)]))
const huge = variant('b', list(['x']), list(['x', ...numbered(501)]))

test('a long table is folded and a longer one cut, with a count', () => {
  expect(markdown([grown])).toContain('<details><summary>11 rows</summary>')
  const cut = markdown([huge], 4_000)
  const [, left] = /… and (\d+) more\./.exec(cut) ?? []
  expect((cut.match(/^\| ✅ added/gm) ?? []).length + Number(left)).toBe(501)
})

test('text and JSON leave no row out', () => {
  expect(text([huge]).match(/^ {4}added/gm)).toHaveLength(501)
  expect(renderWhitelistDiffJson({ differences: [huge] }, []).match(/"symbol": /g)).toHaveLength(501)
})

test('variants without a difference are counted, not shown', () => {
  const same = variant('same', list(['x']), list(['x']))
  const shown = text([grown, same])
  expect(shown).toMatch(/^GROWN: 11 symbols added in 1 of 2 variants\n/)
  expect(shown).not.toContain('same:')
})

describe('what others wrote', () => {
  const evil = '\u001b[31m|<b>`\n::error::x'
  const differences = [variant(evil, list(['x'], evil), list(['x'], 'vmlinux'))]

  test('cannot reach a terminal or a runner', () => {
    expect(text(differences)).not.toContain('\u001b')
    expect(text(differences)).not.toMatch(/^::/m)
    expect(renderWhitelistDiffJson({ differences }, [])).not.toContain('\u001b')
  })

  test('cannot become markup', () => {
    expect(markdown(differences)).not.toContain('<b>')
    const rows = markdown(differences)
      .split('\n')
      .filter((line) => line.startsWith('| ❌ changed'))
    expect(rows).toHaveLength(1)
  })
})
