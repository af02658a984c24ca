import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Difference } from '../../src/abi/compare.ts'
import type { Rule } from '../../src/judge/policy.ts'
import { parseSeverities, ruleFinder, ruleTexts, rulesWithoutRow } from '../../src/judge/rules.ts'
import { exported, promised } from './cases.ts'

const severities = '../shared/data/dialects/suse-severities/severities'

function change(symbol: string, module = 'vmlinux', namespace = ''): Difference {
  return {
    kind: 'changed',
    symbol,
    baseline: promised(symbol, { module, namespace }),
    current: exported(symbol, { module, namespace }),
  }
}

const finder = (rules: readonly Rule[]) => {
  const ruleFor = ruleFinder(rules)
  return (difference: Difference) => ruleFor(ruleTexts(difference))
}

describe('parseSeverities', () => {
  it('tells modules, namespaces and symbols by the form of the pattern', () => {
    const { value, problems } = parseSeverities(
      '# rules\n\ndrivers/x/*\tPASS\nvmlinux FAIL\nDMA_BUF PASS\nzpci_*  pass # local\n',
      'severities',
    )
    expect(problems).toEqual([])
    expect(value.map(({ match, action, line }) => [match.by, match.pattern, action, line])).toEqual([
      ['module', 'drivers/x/*', 'pass', 3],
      ['module', 'vmlinux', 'fail', 4],
      ['namespace', 'DMA_BUF', 'pass', 5],
      ['symbol', 'zpci_*', 'pass', 6],
    ])
  })

  it.each([
    ['a 0', 'pass'],
    ['a 7', 'pass'],
    ['a 8', 'fail'],
    ['a 31', 'fail'],
  ])('reads the number in %j as %s', (line, action) => {
    expect(parseSeverities(line, 'f').value[0]?.action).toBe(action)
  })

  it('takes the subject from the word in front of the pattern', () => {
    const { value, problems } = parseSeverities(
      'SYMBOL I_BDEV PASS\nNAMESPACE local FAIL\nMODULE nvme* PASS\nSYMBOL PASS\n',
      'severities',
    )
    expect(problems).toEqual([])
    expect(value.map(({ match, action }) => [match.by, match.pattern, action])).toEqual([
      ['symbol', 'I_BDEV', 'pass'],
      ['namespace', 'local', 'fail'],
      ['module', 'nvme*', 'pass'],
      ['namespace', 'SYMBOL', 'pass'],
    ])
  })

  it.each(['*', '[A-Z]*', 'PDE_DATA', '__', '42'])(
    'reads %s, without a lower-case letter, as a namespace',
    (word) => {
      expect(parseSeverities(`${word} PASS`, 'f').value[0]?.match.by).toBe('namespace')
    },
  )

  it.each([
    ['a', 'found nothing'],
    ['a PASS because', '"because"'],
    ['symbol a PASS', 'found "a"'],
    ['SYMBOL a PASS b', '"b"'],
    ['a[bc PASS', '] '.trim()],
    [`${'*'.repeat(5000)} PASS`, '4096'],
  ])('says of %j what is wrong', (line, said) => {
    const { value, problems } = parseSeverities(line, 'f')
    expect(value).toEqual([])
    expect(problems[0]?.message).toContain(said)
  })

  it.each(['a', 'a MAYBE', 'a 32', 'a -1', 'a 1e1'])('refuses %j with its line', (line) => {
    const { value, problems } = parseSeverities(`# head\n${line}\n`, 'f')
    expect(value).toEqual([])
    expect(problems).toMatchObject([{ kind: 'malformed-line', place: { file: 'f', line: 2 } }])
  })

  it.skipIf(!existsSync(severities))('reads a real list of 3,270 rules (needs ../shared/data)', () => {
    const { value, problems } = parseSeverities(readFileSync(severities, 'utf8'), severities)
    expect(problems).toEqual([])
    expect(value).toHaveLength(3270)
    const ruleFor = finder(value)
    expect(ruleFor(change('x', 'drivers/nvme/host/nvme-fc'))?.action).toBe('fail')
    expect(ruleFor(change('x', 'drivers/nvme/host/nvme-core'))?.action).toBe('pass')
    expect(ruleFor(change('kmalloc'))).toBeUndefined()
  })
})

describe('ruleFinder', () => {
  const rule = (by: Rule['match']['by'], pattern: string): Rule => ({
    match: { by, pattern },
    action: 'pass',
    file: 'f',
    line: 1,
  })

  it.each<[Rule, Difference, boolean]>([
    [rule('symbol', 'usb_*'), change('usb_alloc_urb'), true],
    [rule('symbol', 'usb_*'), change('my_usb_thing'), false],
    [rule('symbol', 'a?c'), change('abc'), true],
    [rule('symbol', 'a.c'), change('abc'), false],
    [rule('module', 'fs/*'), change('x', 'fs/ceph/ceph'), true],
    [rule('module', 'fs/*'), change('fs_x', 'vmlinux'), false],
    [rule('module', 'vmlinux'), change('x'), true],
    [rule('namespace', 'DMA_BUF'), change('x', 'vmlinux', 'DMA_BUF'), true],
    [rule('namespace', 'DMA_BUF'), change('DMA_BUF'), false],
    [rule('namespace', '*'), change('x'), false],
    [rule('namespace', '*'), change('x', 'vmlinux', 'DMA_BUF'), true],
    [rule('symbol', 'nvme_[^a-e]*'), change('nvme_fc'), true],
    [rule('symbol', 'nvme_[^a-f]*'), change('nvme_fc'), false],
    [rule('module', 'vml[i-n]nux'), change('x'), true],
  ])('%j against %j', (one, difference, matches) => {
    expect(finder([one])(difference)).toBe(matches ? one : undefined)
  })

  it('gives the first of several matches, whether exact or a glob', () => {
    const glob = rule('symbol', 'a*')
    const exact = rule('symbol', 'abc')
    expect(finder([glob, exact])(change('abc'))).toBe(glob)
    expect(finder([exact, glob])(change('abc'))).toBe(exact)
    expect(finder([exact, glob])(change('ab'))).toBe(glob)
  })

  it('does not let a patch move a symbol under an exception', () => {
    const moved: Difference = {
      kind: 'changed',
      symbol: 'x',
      baseline: promised('x'),
      current: exported('x', { module: 'drivers/staging/y', namespace: 'FREE' }),
    }
    expect(finder([rule('module', 'drivers/staging/*'), rule('namespace', 'FREE')])(moved)).toBeUndefined()
  })

  it('goes on matching the module of a symbol that is gone', () => {
    const gone: Difference = {
      kind: 'removed',
      symbol: 'x',
      baseline: promised('x', { module: 'fs/y' }),
      current: undefined,
    }
    expect(finder([rule('module', 'fs/*')])(gone)).toBeDefined()
  })
})

describe('rulesWithoutRow', () => {
  const rule = (pattern: string, line: number): Rule => ({
    match: { by: 'symbol', pattern },
    action: 'pass',
    file: 'f',
    line,
  })

  it('gives the rules that no row meets first, whether or not the row changed', () => {
    const rules = [rule('a*', 1), rule('abc', 2), rule('z*', 3), rule('b', 4)]
    expect(rulesWithoutRow(rules, [promised('abc'), promised('b'), promised('b')])).toEqual([
      rules[1],
      rules[2],
    ])
  })
})
