import fc from 'fast-check'
import { runs } from '../support/properties.ts'
import { describe, expect, it, test } from 'vitest'
import { formatBaseline } from '../../src/abi/format-baseline.ts'
import { parseBaseline } from '../../src/baseline/parse-baseline.ts'
import { arbitraryBaseline } from '../abi/arbitrary-baseline.ts'
import { toldOf } from '../config/told.ts'

test('what formatBaseline writes reads as the same baseline', () => {
  fc.assert(
    fc.property(arbitraryBaseline, (baseline) => {
      const { value, problems } = parseBaseline(formatBaseline(baseline), 'baseline.yml')
      expect(problems).toEqual([])
      expect(value).toEqual(baseline)
      expect(value && formatBaseline(value)).toBe(formatBaseline(baseline))
    }),
    { numRuns: runs(500) },
  )
})

const digest = 'ab'.repeat(32)

describe('what is not a baseline is a problem with its place', () => {
  it.each<[string, string, string]>([
    ['an empty file', '', '1:1 [] The file is empty.'],
    ['a list', '- 1\n', '1:1 [- 1] The baseline: expected a map of settings, found a list.'],
    [
      'another version',
      'version: 5\nvariant: a\n',
      '1:10 [5] This file is of version 5; this kabi-gate reads up to version 4.',
    ],
    ['no version', 'variant: a\n', '1:1 [variant: a] The baseline has no version.'],
    ['no variant', 'version: 1\n', '1:1 [version: 1] The baseline has no variant.'],
    [
      'a key that is not known',
      'version: 1\nvariant: a\narhc: x86\n',
      '3:1 [arhc] arhc is not a known key; did you mean arch?',
    ],
    [
      'a key given twice',
      'version: 1\nvariant: a\nvariant: b\n',
      '3:1 [variant] variant is given twice; the first is on line 2.',
    ],
    [
      'a version that is read as a number',
      'version: 1\nvariant: a\nkernel: 6.1\n',
      '3:9 [6.1] kernel: expected a version of the kernel in quotes, found the number 6.1.',
    ],
    [
      'a digest that is cut',
      'version: 1\nvariant: a\ngenksyms: "ab"\n',
      '3:11 ["ab"] genksyms: expected a SHA-256 digest, 64 hexadecimal digits in quotes, found "ab".',
    ],
    [
      'two identities',
      `version: 1\nvariant: a\ncommit: "${digest}"\ntree-digest: "${digest}"\n`,
      '4:1 [tree-digest] tree-digest cannot stand beside commit.',
    ],
    [
      'a value that is no text',
      'version: 1\nvariant: a\noptions:\n  CONFIG_NR_CPUS: 64\n',
      '4:19 [64] options.CONFIG_NR_CPUS: expected the value of an option as text, such as y, n or "64" in quotes, found the number 64.',
    ],
    [
      'an option that is none',
      'version: 1\nvariant: a\noptions:\n  SMP: y\n',
      '4:3 [SMP] options.SMP is not the name of an option.',
    ],
    [
      'options that are a list',
      'version: 1\nvariant: a\noptions: []\n',
      '3:1 [options] options: expected a map of options and their values, found an empty list.',
    ],
    ['no YAML', 'version: 1\nvariant: "a\n', '2:11 [a] A text in quotes has no closing quote.'],
  ])('%s', (_, text, told) => {
    const { value, problems } = parseBaseline(text, 'baseline.yml')
    expect(value).toBeUndefined()
    expect(toldOf(problems, 'baseline', 'baseline.yml')).toEqual([told])
  })
})

describe('the history of a list', () => {
  const records = `rows: 1\nlist-digest: "${digest}"\n`
  const entry = '  - date: "2026-11-30"\n    issue: "42"\n    reviewer: "Jane Doe"\n    symbols: ["kfree"]\n'
  const file = (version: number, history: string) => `version: ${version}\nvariant: a\n${history}${records}`

  it('is read, with or without an issue', () => {
    const both = `history:\n${entry}${entry.replace('    issue: "42"\n', '')}`
    const { value, problems } = parseBaseline(file(4, both), 'baseline.yml')
    expect(problems).toEqual([])
    const granted = { date: '2026-11-30', reviewer: 'Jane Doe', symbols: ['kfree'] }
    expect(value?.history).toStrictEqual([{ ...granted, issue: '42' }, granted])
  })

  it.each([
    [
      'stands in an older version',
      file(2, `history:\n${entry}`),
      'version must be 4 with a history, and only then',
    ],
    ['is missing in its version', file(4, ''), 'version must be 4 with a history, and only then'],
    ['is empty', file(4, 'history: []\n'), 'history: expected a list of requests that were granted'],
    [
      'has a key that is not known',
      file(4, `history:\n${entry.replace('issue', 'isue')}`),
      'isue is not a known key; did you mean issue?',
    ],
    [
      'has a number for a text',
      file(4, `history:\n${entry.replace('"42"', '42')}`),
      'issue: expected the number of an issue',
    ],
    [
      'has an address that is not https',
      file(4, `history:\n${entry.replace('42', 'http://a/1')}`),
      'issue: expected the number of an issue',
    ],
    [
      'has nobody who approved',
      file(4, `history:\n${entry.replace('Jane Doe', ' ')}`),
      'reviewer: expected a name',
    ],
    [
      'has what is no symbol',
      file(4, `history:\n${entry.replace('kfree', 'k free')}`),
      'expected the name of a symbol',
    ],
  ])('is a problem where it %s', (_, text, message) => {
    const { value, problems } = parseBaseline(text, 'baseline.yml')
    expect(value).toBeUndefined()
    expect(problems.map((problem) => problem.message).join()).toContain(message)
  })
})
