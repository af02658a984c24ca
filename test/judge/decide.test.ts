import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ofFamily, subjectOf } from '../../src/judge/finding.ts'
import type { Cause, ChangeClass } from '../../src/abi/cause.ts'
import type { Explained } from '../../src/abi/explain/merge-explanations.ts'
import type { Export } from '../../src/abi/export.ts'
import { problemTexts, type Problem, type ProblemKind } from '../../src/problem/problem.ts'
import type { WhitelistRow } from '../../src/abi/whitelist.ts'
import { decide, errorVerdict } from '../../src/judge/decide.ts'
import { stableGuard, type StableGuard, type VariantCase } from '../../src/judge/variant-case.ts'
import { exitCode } from '../../src/judge/exit-code.ts'
import { presetPolicy, type PolicyPreset, type Rule, type Severity } from '../../src/judge/policy.ts'
import { evidence, exported, promised, runCase, variantCase } from './cases.ts'

const override = { reason: 'bisecting bug 4711', by: 'alice' }
const changed = [promised('kmalloc')] as const
const changedBuild = [exported('kmalloc', { crc: 0x22222222 })] as const

describe('decide on one symbol', () => {
  const table: (readonly [string, WhitelistRow, Export | undefined, readonly string[]])[] = [
    ['an equal symbol', promised('a'), exported('a'), []],
    ['another checksum', promised('a'), exported('a', { crc: 2 }), ['changed fail']],
    ['a symbol that is gone', promised('a'), undefined, ['removed fail']],
    ['a checksum that is now zero', promised('a'), exported('a', { crc: 0 }), ['unversioned fail']],
    ['a baseline of zero', promised('a', { crc: 0 }), exported('a'), ['unversioned fail']],
    ['plain to GPL', promised('a'), exported('a', { type: 'EXPORT_SYMBOL_GPL' }), ['export-type fail']],
    ['GPL to plain', promised('a', { type: 'EXPORT_SYMBOL_GPL' }), exported('a'), []],
    ['plain to GPL_FUTURE', promised('a'), exported('a', { type: 'EXPORT_SYMBOL_GPL_FUTURE' }), []],
    ['into a namespace', promised('a'), exported('a', { namespace: 'DMA_BUF' }), ['namespace fail']],
    [
      'into another namespace',
      promised('a', { namespace: 'OLD' }),
      exported('a', { namespace: 'NEW' }),
      ['namespace fail'],
    ],
    [
      'into a module list',
      promised('a'),
      exported('a', { namespace: 'module:kvm,vfio' }),
      ['namespace fail'],
    ],
    ...(
      [
        ['a longer list of modules', 'module:kvm', 'module:kvm,vfio', []],
        ['another order of modules', 'module:kvm-amd,kvm-intel', 'module:kvm_intel,kvm_amd', []],
        ['a pattern with all of them', 'module:kvm-amd,kvm-*', 'module:kvm*', []],
        ['a shorter list of modules', 'module:kvm,vfio', 'module:kvm', ['namespace fail']],
        ['a narrower pattern', 'module:kvm*', 'module:kvm-*', ['namespace fail']],
        ['a namespace for all who import it', 'module:kvm', 'KVM', ['namespace fail']],
      ] as const
    ).map(
      ([name, before, after, expected]) =>
        [
          `from modules to ${name}`,
          promised('a', { namespace: before }),
          exported('a', { namespace: after }),
          expected,
        ] as const,
    ),
    ['out of a namespace', promised('a', { namespace: 'OLD' }), exported('a'), []],
    ['another module', promised('a'), exported('a', { module: 'drivers/x/x' }), ['moved warn']],
    [
      'everything at once',
      promised('a'),
      exported('a', { crc: 2, type: 'EXPORT_SYMBOL_GPL', namespace: 'N', module: 'm' }),
      ['changed fail', 'export-type fail', 'namespace fail', 'moved warn'],
    ],
  ]
  it.each(table)('%s', (_, row, current, expected) => {
    const build = [exported('bystander'), ...(current ? [current] : [])]
    const verdict = decide(runCase([variantCase([row, promised('bystander')], build)]))
    expect(verdict.findings.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual(expected)
    expect(verdict.result).toBe(expected.some((finding) => finding.endsWith('fail')) ? 'break' : 'pass')
    expect(verdict.variants[0]).toMatchObject({ protected: 2, compared: 2 })
  })

  it('does not compare a column that the whitelist does not have', () => {
    const row = { ...promised('a'), module: undefined, type: undefined }
    const build = [exported('a', { module: 'drivers/x/x', type: 'EXPORT_SYMBOL_GPL' })]
    expect(decide(runCase([variantCase([row], build)])).findings).toEqual([])
  })

  it('counts exports that nobody protects, without listing them', () => {
    const verdict = decide(
      runCase([variantCase([promised('a')], [exported('a'), exported('b'), exported('c')])]),
    )
    expect(verdict.variants[0]).toMatchObject({ added: 2, exports: 3 })
    expect(verdict.findings).toEqual([])
  })

  it('compares a symbol of several sections once', () => {
    const rows = [
      { ...promised('a'), section: 'x' },
      { ...promised('a'), section: 'y' },
    ]
    const verdict = decide(runCase([variantCase(rows, [exported('a', { crc: 2 })])]))
    expect(verdict.findings).toHaveLength(1)
    expect(verdict.variants[0]?.protected).toBe(1)
  })
})

describe('policy', () => {
  const kinds: [PolicyPreset, string[]][] = [
    ['strict', ['changed fail', 'export-type fail', 'namespace fail', 'moved warn']],
    ['lenient', ['changed fail', 'export-type fail', 'namespace fail', 'moved warn']],
    ['rhel5', ['changed fail', 'moved warn']],
    ['rhel9', ['changed fail', 'namespace fail', 'moved fail']],
    ['uek', ['changed fail', 'export-type fail', 'namespace fail', 'moved warn']],
    ['suse', ['changed fail', 'export-type fail']],
  ]
  it.each(kinds)('preset %s weighs the kinds as its distribution does', (name, expected) => {
    const build = [exported('a', { crc: 2, type: 'EXPORT_SYMBOL_GPL', namespace: 'N', module: 'm' })]
    const policy = presetPolicy(name)
    const verdict = decide(runCase([variantCase([promised('a')], build)], { policy }))
    expect(verdict.findings.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual(expected)
  })

  const rule = (by: Rule['match']['by'], pattern: string, action: Rule['action'], line: number): Rule => ({
    match: { by, pattern },
    action,
    file: 'severities',
    line,
  })

  it('lets the first matching rule decide and reports the rules that matched nothing', () => {
    const rules = [
      rule('symbol', 'special', 'fail', 1),
      rule('module', 'drivers/x/*', 'pass', 2),
      rule('symbol', 'never', 'pass', 3),
    ]
    const policy = presetPolicy('suse', rules)
    const rows = ['special', 'other'].map((symbol) => promised(symbol, { module: 'drivers/x/x' }))
    const build = rows.map(({ symbol }) => exported(symbol, { module: 'drivers/x/x', crc: 2 }))
    const verdict = decide(runCase([variantCase(rows, build)], { policy }))
    expect(verdict.findings.map((one) => `${subjectOf(one)} ${one.severity}`)).toEqual([
      'special fail',
      'other ignore',
    ])
    expect(verdict.unusedRules).toEqual([rules[2]])
  })

  it('passes when a rule allows every break, and says so with the rule', () => {
    const rules = [rule('symbol', 'kmalloc', 'pass', 1)]
    const policy = presetPolicy('suse', rules)
    const verdict = decide(runCase([variantCase(changed, changedBuild)], { policy }))
    expect(verdict.result).toBe('pass')
    expect(verdict.findings[0]).toMatchObject({ severity: 'ignore', rule: rules[0] })
  })

  it('lists additions when the policy asks for them', () => {
    const strict = presetPolicy('strict')
    const policy = { ...strict, kinds: { ...strict.kinds, added: 'warn' as const } }
    const verdict = decide(
      runCase([variantCase([promised('a')], [exported('a'), exported('b')])], { policy }),
    )
    expect(verdict.findings.map((one) => `${one.kind} ${subjectOf(one)}`)).toEqual(['added b'])
  })
})

describe('the disable flag', () => {
  it('turns a break into overridden, with every finding still there', () => {
    const verdict = decide(runCase([variantCase(changed, changedBuild)], { override }))
    expect(verdict).toMatchObject({ result: 'overridden', override })
    expect(verdict.findings).toHaveLength(1)
    expect(verdict.variants[0]?.result).toBe('break')
    expect(exitCode(verdict)).toBe(0)
  })

  it('leaves a pass a pass', () => {
    expect(decide(runCase([variantCase(changed, [exported('kmalloc')])], { override })).result).toBe('pass')
  })

  it('never excuses an error', () => {
    const broken = { ...variantCase(changed, changedBuild), problems: [problem('malformed-line')] }
    const verdict = decide(runCase([broken], { override }))
    expect(verdict.result).toBe('error')
    expect(exitCode(verdict)).toBe(3)
  })
})

describe('fail closed', () => {
  const good = variantCase([promised('a')], [exported('a')])

  function withCollected(collected: unknown): VariantCase {
    return { ...good, guard: stableGuard({ ...good.guard, collected } as StableGuard) }
  }

  const table: [string, VariantCase, ProblemKind][] = [
    ['a variant without evidence', withCollected(undefined), 'missing-variant'],
    [
      'a variant whose collection failed',
      withCollected({ kind: 'failure', variant: 'x86_64', problems: [problem('build-failed')] }),
      'build-failed',
    ],
    [
      'a failure that gives no reason',
      withCollected({ kind: 'failure', variant: 'x86_64', problems: [] }),
      'internal',
    ],
    ['a build without exports', withCollected(evidence('x86_64', [])), 'empty-symvers'],
    ['an empty whitelist', variantCase([], [exported('a')]), 'empty-whitelist'],
    [
      'checksums that are all zero',
      variantCase([promised('a')], [exported('a', { crc: 0 })]),
      'all-unversioned',
    ],
    [
      'a whitelist row without checksum',
      variantCase([{ ...promised('a'), crc: undefined }], [exported('a')]),
      'incomplete-comparison',
    ],
    ['a line that was not understood', { ...good, problems: [problem('malformed-line')] }, 'malformed-line'],
    [
      'rows that contradict each other',
      { ...good, problems: [problem('conflicting-rows')] },
      'conflicting-rows',
    ],
  ]
  it.each(table)('%s is an error, never a pass', (_, variant, kind) => {
    const verdict = decide(runCase([variant]))
    expect(verdict.result).toBe('error')
    expect(verdict.variants[0]?.result).toBe('error')
    expect(verdict.problems.map((one) => one.kind)).toContain(kind)
    expect(exitCode(verdict)).toBe(kind === 'internal' ? 4 : 3)
  })

  it('does not let a good variant hide a missing one', () => {
    expect(decide(runCase([good, { ...withCollected(undefined), name: 'arm64' }])).result).toBe('error')
  })

  it('does not take rows lost in a broken file for removed symbols', () => {
    const verdict = decide(runCase([{ ...variantCase(changed, []), problems: [problem('malformed-line')] }]))
    expect(verdict.findings).toEqual([])
  })

  it('refuses a run in which no variant promises anything', () => {
    const none: VariantCase = { ...good, guard: { kind: 'none', reason: 'developer preview' } }
    const verdict = decide(runCase([none]))
    expect(verdict.result).toBe('error')
    expect(exitCode(verdict)).toBe(2)
  })

  it('passes beside a variant that openly promises nothing', () => {
    const none: VariantCase = {
      ...good,
      name: 'ia64xen',
      guard: { kind: 'none', reason: 'developer preview' },
    }
    const verdict = decide(runCase([good, none]))
    expect(verdict.result).toBe('pass')
    expect(verdict.variants[1]).toMatchObject({ result: 'no-promise', noPromiseReason: 'developer preview' })
  })

  it('lets notes pass', () => {
    const verdict = decide(runCase([{ ...good, problems: [problem('duplicate-row')] }]))
    expect(verdict.result).toBe('pass')
    expect(verdict.reasons).toEqual([
      { weight: 'note', about: { problem: 'duplicate-row' }, count: 1, variants: ['x86_64'] },
    ])
  })
})

describe('the exit code', () => {
  const errors = (...kinds: ProblemKind[]) => errorVerdict(runCase([]).tool, kinds.map(problem), undefined)

  it('is 1 only for a known break', () => {
    expect(exitCode(decide(runCase([variantCase(changed, changedBuild)])))).toBe(1)
    for (const kind of Object.keys(problemTexts) as ProblemKind[]) expect(exitCode(errors(kind))).not.toBe(1)
  })

  it.each<[number, ProblemKind[]]>([
    [2, ['config']],
    [2, ['usage', 'duplicate-row']],
    [3, ['build-failed']],
    [3, ['config', 'unreadable']],
    [4, ['internal', 'config']],
    [3, []],
  ])('is %i for %j', (code, kinds) => {
    expect(exitCode(errors(...kinds))).toBe(code)
  })
})

describe('reasons', () => {
  it('come heaviest first and count per kind', () => {
    const rows = [promised('a'), promised('b'), promised('c')]
    const build = [exported('a', { crc: 2 }), exported('b', { crc: 2 }), exported('c', { module: 'm' })]
    const cases = ['x86_64', 'arm64'].map((name) => ({
      ...variantCase(rows, build, name),
      problems: [problem('duplicate-row')],
    }))
    expect(decide(runCase(cases)).reasons).toEqual([
      { weight: 'fail', about: { finding: 'changed' }, count: 4, variants: ['x86_64', 'arm64'] },
      { weight: 'warn', about: { finding: 'moved' }, count: 2, variants: ['x86_64', 'arm64'] },
      { weight: 'note', about: { problem: 'duplicate-row' }, count: 2, variants: ['x86_64', 'arm64'] },
    ])
  })
})

describe('decide on any whitelist', () => {
  const symbols = fc.uniqueArray(fc.stringMatching(/^[a-z_]{1,6}$/), { minLength: 2, maxLength: 30 })
  const crc = fc.integer({ min: 1, max: 0xffffffff })

  it('passes a build against itself', () => {
    fc.assert(
      fc.property(symbols, crc, (names, value) => {
        const rows = names.map((name) => promised(name, { crc: value }))
        const build = names.map((name) => exported(name, { crc: value }))
        expect(decide(runCase([variantCase(rows, build)])).result).toBe('pass')
      }),
    )
  })

  it('breaks when any one bit of any one protected checksum changes', () => {
    fc.assert(
      fc.property(symbols, crc, fc.nat(), fc.integer({ min: 0, max: 31 }), (names, value, choice, bit) => {
        const victim = names[choice % names.length]
        const flipped = (value ^ (1 << bit)) >>> 0
        const build = names.map((name) => exported(name, { crc: name === victim ? flipped : value }))
        const verdict = decide(
          runCase([
            variantCase(
              names.map((name) => promised(name, { crc: value })),
              build,
            ),
          ]),
        )
        expect(verdict.result).toBe('break')
        expect(verdict.findings.map(subjectOf)).toEqual([victim])
      }),
    )
  })
})

function problem(kind: ProblemKind): Problem {
  return { kind, message: `a ${kind} problem` }
}

describe('decide with an explanation', () => {
  const cause = (id: string, ...classes: readonly ChangeClass[]): Cause => ({
    id,
    name: id,
    before: 'struct a { UNKNOWN }',
    after: 'struct a { int x ; }',
    changes: classes.map((one) => ({ class: one })),
    reach: [{ variant: 'x86_64', symbols: ['kmalloc'] }],
    symbols: 1,
    alone: 1,
    matters: true,
    chain: ['kmalloc', id],
  })
  const explainedBy = (...causes: readonly Cause[]): Explained => ({
    explanation: { changed: 1, proven: 1, causes, groups: [], repair: [], unexplained: [] },
    causesOf: new Map([['x86_64', new Map([['kmalloc', causes.map(({ id }) => id)]])]]),
  })
  const run = (explained: Explained | undefined, preset: PolicyPreset, rules: readonly Rule[] = []) =>
    decide(runCase([variantCase(changed, changedBuild)], { explained, policy: presetPolicy(preset, rules) }))
  const opaque = cause('s#a', 'became-defined')
  const real = cause('s#b', 'field-added')

  it.each<[string, Explained | undefined, PolicyPreset, string]>([
    ['every class, strictly', explainedBy(opaque), 'strict', 'break fail s#a'],
    ['an include, leniently', explainedBy(opaque), 'lenient', 'pass warn s#a'],
    ['an include and a field, leniently', explainedBy(opaque, real), 'lenient', 'break fail s#a s#b'],
    [
      'a body that genksyms lost, leniently',
      explainedBy(cause('s#c', 'body-unseen')),
      'lenient',
      'break fail s#c',
    ],
    [
      'a body that genksyms found, leniently',
      explainedBy(cause('s#c', 'body-seen')),
      'lenient',
      'break fail s#c',
    ],
    ['a symbol without explanation, leniently', undefined, 'lenient', 'break fail'],
  ])('weighs %s', (_, explained, preset, expected) => {
    const { result, findings, explanation } = run(explained, preset)
    const told = ofFamily(findings, 'symbol').map(({ severity, causes = [] }) =>
      [severity, ...causes].join(' '),
    )
    expect([result, ...told].join(' ')).toBe(expected)
    expect(explanation).toBe(explained?.explanation)
  })

  it('lets a rule speak first', () => {
    const rule = { match: { by: 'symbol', pattern: 'k*' }, action: 'fail', file: 'rules', line: 1 } as const
    expect(run(explainedBy(opaque), 'lenient', [rule]).result).toBe('break')
  })
})

describe('decide on lines that hide changes', () => {
  const line = {
    file: 'a.h',
    line: 3,
    kind: 'added',
    text: '#ifdef __GENKSYMS__',
    how: 'genksyms-guard',
  } as const
  const run = (weight: Severity) =>
    decide(
      runCase([variantCase([promised('a')], [exported('a')])], {
        hidden: [line],
        policy: { ...presetPolicy('strict'), kinds: { ...presetPolicy('strict').kinds, hidden: weight } },
      }),
    )

  it.each<[Severity, string, number]>([
    ['warn', 'pass', 1],
    ['fail', 'break', 1],
    ['ignore', 'pass', 0],
  ])('gives them the weight %s', (weight, result, count) => {
    const verdict = run(weight)
    expect(verdict.result).toBe(result)
    expect(ofFamily(verdict.findings, 'hidden')).toMatchObject(
      count === 0 ? [] : [{ line, severity: weight }],
    )
    expect(verdict.reasons.map(({ about, weight: heavy }) => [about, heavy])).toEqual(
      count === 0 ? [] : [[{ finding: 'hidden' }, weight]],
    )
  })

  it('warns by default', () => {
    expect(presetPolicy('strict').kinds.hidden).toBe('warn')
  })
})
