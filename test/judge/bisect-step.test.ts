import { describe, expect, it } from 'vitest'
import type { Cause, Explanation } from '../../src/abi/cause.ts'
import { bisectStep, type BisectQuestion } from '../../src/judge/bisect-step.ts'
import { decide, errorVerdict } from '../../src/judge/decide.ts'
import { bisectCode, codeForBisect } from '../../src/judge/exit-code.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import { isError, problemTexts, type Problem, type ProblemKind } from '../../src/problem/problem.ts'
import { exported, promised, runCase, variantCase } from './cases.ts'

const tool = { name: 'kabi-gate', version: '0.0.0' } as const
const any: BisectQuestion = { kind: 'any' }
const ofSymbol = (symbol: string): BisectQuestion => ({ kind: 'symbol', symbol })

/** Kinds that say nothing more than that this one commit cannot be looked at. */
const ofCommit: readonly ProblemKind[] = [
  'build-failed',
  'configure-failed',
  'modversions-off',
  'not-comparable',
  'tree-not-kernel',
]

const kinds = Object.keys(problemTexts) as ProblemKind[]
const verdictOf = (...problems: readonly Problem[]): Verdict => ({
  ...decide(runCase([variantCase([promised('a')], [exported('a')])])),
  ...(problems.some(isError) ? errorVerdict(tool, problems, undefined) : {}),
  problems,
})
const codeOf = (verdict: Verdict, question: BisectQuestion = any): number =>
  bisectCode(bisectStep(verdict, question))

describe('a problem in a step of a bisection', () => {
  it.each(kinds)('%s skips the commit, stops the bisection, or is a note', (kind) => {
    const problem: Problem = { kind, message: 'something' }
    const expected = !isError(problem) ? 0 : ofCommit.includes(kind) ? 125 : 128
    expect(codeOf(verdictOf(problem))).toBe(expected)
  })

  it('that knows better than its kind whom it speaks of decides', () => {
    const message = 'make was ended from outside by SIGKILL'
    expect(codeOf(verdictOf({ kind: 'build-failed', message, speaksOf: 'setup' }))).toBe(128)
    expect(codeOf(verdictOf({ kind: 'conflicting-rows', message, speaksOf: 'commit' }))).toBe(125)
  })

  it('of the setup counts more than one of the commit, whichever comes first', () => {
    const failed: Problem = { kind: 'build-failed', message: 'a' }
    const busy: Problem = { kind: 'busy', message: 'b' }
    for (const problems of [
      [failed, busy],
      [busy, failed],
    ] as const)
      expect(bisectStep(verdictOf(...problems), any)).toEqual({ kind: 'stopped', problem: busy })
  })

  it('counts more than what was found beside it', () => {
    const broken = decide(runCase([variantCase([promised('a')], [exported('a', { crc: 2 })])]))
    const verdict: Verdict = {
      ...broken,
      result: 'error',
      problems: [{ kind: 'build-failed', message: 'of another variant' }],
    }
    expect(codeOf(verdict, ofSymbol('a'))).toBe(125)
  })

  it('stops the bisection where an error gives no reason', () => {
    expect(codeOf({ ...verdictOf(), result: 'error' })).toBe(128)
  })
})

describe('what git bisect run is told', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 128],
    [3, 128],
    [4, 128],
    [13, 128],
    [125, 125],
    [126, 128],
    [127, 128],
    [130, 130],
    [143, 143],
  ])('for exit code %d is %d', (code, told) => {
    expect(codeForBisect(code)).toBe(told)
  })
})

describe('a commit', () => {
  const rows = [promised('a'), promised('b'), promised('c')]
  const verdict = decide(
    runCase([variantCase(rows, [exported('a', { crc: 2 }), exported('b', { type: 'EXPORT_SYMBOL_GPL' })])]),
  )

  it('is bad for whatever fails, and good where nothing does', () => {
    expect(bisectStep(verdict, any)).toMatchObject({ kind: 'bad', more: 2 })
    expect(
      codeOf(
        decide(
          runCase([
            variantCase(
              rows,
              rows.map(({ symbol }) => exported(symbol)),
            ),
          ]),
        ),
      ),
    ).toBe(0)
  })

  it.each([
    ['a', 'changed'],
    ['b', 'export-type'],
    ['c', 'removed'],
  ])('is bad for %s, which is %s, whatever else is broken', (symbol, kind) => {
    expect(bisectStep(verdict, ofSymbol(symbol))).toMatchObject({
      kind: 'bad',
      finding: { symbol, kind },
      more: 0,
    })
  })

  it('is good for a symbol that holds while others are broken', () => {
    const other = decide(runCase([variantCase(rows, [exported('a', { crc: 2 }), exported('b')])]))
    expect(codeOf(other, ofSymbol('b'))).toBe(0)
  })

  it('is bad for a symbol whose break a waiver excuses, as somebody asks who made it', () => {
    const waiver = {
      ...{ subject: 'symbol', kind: 'changed', symbol: 'a', variants: 'all', from: '0x1', to: '0x2' },
      ...{ reason: 'nobody uses it', owner: 'Eve', expires: '2099-01-01', place: { file: 'w', line: 1 } },
    }
    const excused = {
      ...verdict,
      result: 'pass',
      findings: verdict.findings
        .filter((one) => one.family === 'symbol' && one.symbol === 'a')
        .map((one) => ({ ...one, severity: 'warn', waiver })),
    } as unknown as Verdict
    expect(codeOf(excused)).toBe(0)
    expect(codeOf(excused, ofSymbol('a'))).toBe(1)
  })
})

describe('a type', () => {
  const question = (...objects: readonly (readonly string[])[]): BisectQuestion => ({
    kind: 'type',
    name: 's#device',
    objects: new Map([['x86_64', objects]]),
  })
  const rows = [promised('a'), promised('b')]
  const judged = (
    exports: Parameters<typeof variantCase>[1],
    explanation?: Partial<Explanation>,
  ): Verdict => ({
    ...decide(runCase([variantCase(rows, exports)])),
    ...(explanation ? { explanation: explanation as Explanation } : {}),
  })
  const changed = [exported('a', { crc: 2 }), exported('b')]
  const cause = (name: string, matters = true) =>
    ({ name, matters, changes: [], symbols: 1 }) as unknown as Cause

  it('is bad where it is a cause of a change, also beside other causes', () => {
    const verdict = judged(changed, { causes: [cause('s#page'), cause('s#device')], unexplained: [] })
    expect(codeOf(verdict, question(['a', 'b']))).toBe(1)
  })

  it('is good where others are the causes, or where it plays no part', () => {
    const verdict = judged(changed, { causes: [cause('s#page'), cause('s#device', false)], unexplained: [] })
    expect(codeOf(verdict, question(['a', 'b']))).toBe(0)
    expect(codeOf(judged([exported('a'), exported('b')]), question(['a', 'b']))).toBe(0)
  })

  it('is not known where a symbol that would tell is gone or cannot be explained, and no other object tells', () => {
    const gone = judged([exported('b')])
    expect(codeOf(gone, question(['a', 'b']))).toBe(125)
    expect(codeOf(gone, question(['a'], ['b']))).toBe(0)
    const unexplained = [{ variant: 'x86_64', why: 'unproven', symbols: ['a'] }] as const
    const dark = judged(changed, { causes: [], unexplained })
    expect(codeOf(dark, question(['a']))).toBe(125)
    expect(codeOf(dark, question([]))).toBe(125)
    expect(codeOf(dark, question(['a'], ['b']))).toBe(0)
  })
})
