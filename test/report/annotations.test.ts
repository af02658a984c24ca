import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ofFamily } from '../../src/judge/finding.ts'
import { annotations } from '../../src/report/annotations/annotations.ts'
import { evilVerdicts } from './arbitrary-verdict.ts'
import { tenVariantsExplained } from './explained-verdicts.ts'
import { sampleVerdicts } from './sample-verdicts.ts'
import { added, changed, differs, manyChanged, removed, tenVariants, verdictOf } from './samples.ts'

describe('the first annotation', () => {
  it.each([
    ['pass', 'notice', 'kabi-gate: PASS'],
    ['ten-variants', 'error', 'kabi-gate: BREAK'],
    ['overridden', 'warning', 'kabi-gate: OVERRIDDEN'],
    ['error', 'error', 'kabi-gate: ERROR'],
  ])('is the verdict: %s is of level %s', (name, level, title) => {
    expect(annotations(sampleVerdicts[name] ?? verdictOf({}))[0]).toMatchObject({ level, title })
  })

  it.each(['overridden', 'override-not-needed', 'error-not-excused'])(
    'says who asked and why: %s',
    (name) => {
      const { message } = annotations(sampleVerdicts[name] ?? verdictOf({}))[0] ?? { message: '' }
      expect(message).toMatch(/^Override by alice.*: CVE-2026-1234 has no fix that keeps struct sk_buff$/m)
    },
  )
})

describe('the others', () => {
  it('are errors with a place, errors without, findings by weight, then notes', () => {
    const [, ...others] = annotations(sampleVerdicts['error'] ?? verdictOf({}))
    expect(others.map(({ level, title, file, line }) => [level, title, file, line])).toEqual([
      ['error', 'Line not understood', 'whitelists/s390x/kabi_whitelist', 14],
      ['error', 'Variant without evidence', undefined, undefined],
      ['error', 'Kernel build failed', undefined, undefined],
      [
        'error',
        expect.stringMatching(/^Checksum changed: \w+$/),
        'whitelists/x86_64/kabi_whitelist',
        expect.any(Number),
      ],
      ['notice', 'Row given twice', 'whitelists/x86_64xen/kabi_whitelist', 409],
    ])
  })

  it('begin with an error that has a place, also when one without came first', () => {
    const problems = [
      { kind: 'build-failed', message: 'make failed' },
      { kind: 'config', message: 'no such key', place: { file: 'kabi.yml', line: 3 } },
    ] as const
    const [, first] = annotations(verdictOf({ problems }))
    expect(first).toMatchObject({ title: 'Configuration not accepted', file: 'kabi.yml', line: 3 })
  })

  it('stand on the whitelist’s line of their first symbol, name ten of them and count the rest', () => {
    const findings = manyChanged(25, 'x86_64')
    const [, about] = annotations(verdictOf({ findings }))
    expect(about).toMatchObject({ file: findings[0]?.baseline?.file, line: findings[0]?.baseline?.line })
    expect(about?.message).toMatch(/^kabi_symbol_0000, .*, kabi_symbol_0009 and 15 more\nIn x86_64\.\n/)
  })

  it('stand on the line of the build’s export when the whitelist has no row', () => {
    const finding = added({ symbol: 'mas_find', variant: 'x86_64', severity: 'fail' })
    const { file, line } = { ...finding.current }
    expect(annotations(verdictOf({ findings: [finding] }))[1]).toMatchObject({ file, line })
  })

  it('are one for each kind and set of variants', () => {
    const titles = annotations(sampleVerdicts['ten-variants'] ?? verdictOf({})).map(({ title }) => title)
    expect(titles).toEqual([
      'kabi-gate: BREAK',
      expect.stringMatching(/^Symbol removed: \w+$/),
      'Checksum changed: 4 protected symbols',
      ...Array.from({ length: 4 }, () => expect.stringMatching(/^Checksum changed: \w+$/) as string),
    ])
  })

  it('leave out what a rule made to be ignored', () => {
    const all = annotations(sampleVerdicts['pass-with-remarks'] ?? verdictOf({}))
    expect(all.map(({ level }) => level)).toEqual(['notice', 'warning', 'notice'])
  })
})

describe('of a verdict with an explanation', () => {
  const source = '/work/linux'
  const withTree = {
    ...tenVariantsExplained,
    variants: tenVariantsExplained.variants.map((variant) => ({
      ...variant,
      how: { strategy: 'exports', seconds: 1, source } as const,
    })),
  }
  const all = annotations(withTree)

  it('one for each cause that matters stands on the patch’s own line, or where the definition is', () => {
    expect(
      all.slice(1, 5).map(({ level, title, tree, file, line }) => [level, title, tree, file, line]),
    ).toEqual([
      [
        'error',
        'Field added at the end (may break drivers): struct device',
        source,
        'include/linux/device.h',
        647,
      ],
      [
        'error',
        expect.stringMatching(/\(usually harmless\): struct net$/),
        source,
        'drivers/base/core.c',
        32,
      ],
      [
        'error',
        expect.stringMatching(/: enum regulator_status$/),
        source,
        'include/linux/regulator/driver.h',
        39,
      ],
      [
        'error',
        expect.stringMatching(/: declaration of ccw_device_start$/),
        source,
        'arch/s390/include/asm/ccwdev.h',
        177,
      ],
    ])
    expect(all[1]?.message).toMatch(/700 symbols in 8 of 10 variants/)
    expect(all[1]?.message).toMatch(/3 RH_KABI_RESERVE left/)
  })

  it('lines that hide changes are warnings on their line, and changed symbols have no other annotation', () => {
    expect(all.slice(5).map(({ level, file, line }) => [level, file, line])).toEqual(
      ofFamily(withTree.findings, 'hidden').map(({ line: { file, line } }) => ['warning', file, line]),
    )
  })

  it('a cause whose findings only warn is a warning', () => {
    const warned = withTree.findings.map((one) => ({ ...one, severity: 'warn' as const }))
    expect(annotations({ ...withTree, findings: warned })[1]?.level).toBe('warning')
  })

  it('what is not explained stands on the whitelist, as without an explanation', () => {
    const files = annotations(sampleVerdicts['explained-in-part'] ?? verdictOf({})).map(({ file }) => file)
    expect(files).toContain('include/linux/regulator/driver.h')
    expect(files).toContain('whitelists/i686PAE/kabi_whitelist')
  })
})

describe('the limit of ten', () => {
  const setsOf = (count: number) =>
    annotations(
      verdictOf({
        variants: tenVariants,
        findings: tenVariants.slice(0, count).map((variant) => changed('kmalloc', variant, variant)),
      }),
    )

  it('is reached without a word when everything fits', () => {
    expect(setsOf(9)).toHaveLength(10)
    expect(setsOf(9).at(-1)?.title).toBe('Checksum changed: kmalloc')
  })

  it('makes the last one say how many were left out', () => {
    expect(setsOf(10)).toHaveLength(10)
    expect(setsOf(10).at(-1)).toEqual({
      level: 'notice',
      title: 'kabi-gate: more than annotations can show',
      message: '2 more annotations were left out; the full report lists everything.',
    })
  })
})

it('whatever the texts of a verdict hold: at most ten, each short enough, nothing invisible', () => {
  fc.assert(
    fc.property(evilVerdicts, (verdict) => {
      const all = annotations(verdict)
      expect(all.length).toBeLessThanOrEqual(10)
      for (const { title, message } of all) {
        expect(message.length).toBeLessThan(4096)
        expect(message).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}]/u)
        expect(title).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }
    }),
  )
})

it('the longest texts stay below 4,096 characters', () => {
  const long = 'x'.repeat(20_000)
  const verdict = verdictOf({
    variants: Array.from({ length: 20 }, (_, index) => long + String(index)),
    findings: Array.from({ length: 20 }, (_, index) =>
      changed(long + String(index), long + String(index % 9)),
    ),
    problems: [{ kind: 'config', message: long, advice: long, variant: long }],
    override: { by: long, reason: long },
  })
  for (const { message } of annotations(verdict)) expect(message.length).toBeLessThan(4096)
})

it.each(['removed', 'export-type', 'namespace'] as const)(
  'a finding of kind %s stands on the line of the patch that made it, and not on the whitelist',
  (kind) => {
    const common = {
      symbol: 'kfree',
      variant: 'x86_64',
      severity: 'fail',
      blame: {
        patch: [{ file: 'mm/slab_common.c', line: 1012, kind: 'removed', text: 'EXPORT_SYMBOL(kfree);' }],
      },
    } as const
    const finding = kind === 'removed' ? removed(common) : differs(kind, common, {}, { namespace: 'MM' })
    const [, detail] = annotations(verdictOf({ findings: [finding] }))
    expect(detail).toMatchObject({ level: 'error', file: 'mm/slab_common.c', line: 1012 })
    expect(detail?.message).toContain('- EXPORT_SYMBOL(kfree);')
  },
)
