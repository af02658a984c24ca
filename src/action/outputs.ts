import { setOutput } from '@actions/core'
import type { Matrix } from '../config/matrix.ts'
import type { EarlierRun } from './earlier-run.ts'
import { fails } from '../judge/finding.ts'
import type { Verdict } from '../judge/verdict.ts'

/** The outputs of action.yml; each is always set, so that a workflow never reads an empty one by mistake. */
interface Outputs {
  /** Empty for `plan`, `collect` and `bisect`, which verify nothing. */
  readonly verdict: Verdict['result'] | ''
  readonly breaking: boolean
  readonly protected: number
  readonly compared: number
  readonly changed: number
  readonly removed: number
  readonly added: number
  readonly variants: string
  readonly matrix: string
  readonly 'evidence-run': string
  readonly 'earlier-run': string
  readonly 'earlier-commit': string
  readonly 'override-by': string
  readonly 'override-reason': string
  readonly 'report-text': string
  readonly 'report-markdown': string
  readonly 'report-json': string
  readonly 'report-html': string
  readonly 'report-sarif': string
  readonly 'comment-url': string
}

/** What the outputs say until there is a verdict: nothing was verified. */
export const unverified: Outputs = {
  verdict: 'error',
  breaking: false,
  protected: 0,
  compared: 0,
  changed: 0,
  removed: 0,
  added: 0,
  variants: '[]',
  matrix: '{"include":[]}',
  'evidence-run': '',
  'earlier-run': '',
  'earlier-commit': '',
  'override-by': '',
  'override-reason': '',
  'report-text': '',
  'report-markdown': '',
  'report-json': '',
  'report-html': '',
  'report-sarif': '',
  'comment-url': '',
}

export function setOutputs(outputs: Partial<Outputs>): void {
  for (const [name, value] of Object.entries(outputs)) setOutput(name, value)
}

/** The outputs that follow from a verdict. */
export function verdictOutputs(verdict: Verdict): Partial<Outputs> {
  const { result, variants, findings, override } = verdict
  const failing = findings.filter(fails)
  return {
    verdict: result,
    breaking: failing.length > 0,
    protected: sum(variants.map((variant) => variant.protected)),
    compared: sum(variants.map((variant) => variant.compared)),
    changed: failing.filter(({ kind }) => kind === 'changed').length,
    removed: failing.filter(({ kind }) => kind === 'removed').length,
    added: sum(variants.map((variant) => variant.added ?? 0)),
    variants: JSON.stringify(
      variants.map((variant) => ({
        name: variant.name,
        result: variant.result,
        protected: variant.protected,
        compared: variant.compared,
        broken: variant.findings.fail,
      })),
    ),
    'override-by': override?.by ?? '',
    'override-reason': override?.reason ?? '',
  }
}

/** What the outputs say after a command that verifies nothing and did its work. */
export const nothingVerified: Partial<Outputs> = { verdict: '' }

/**
 * @param evidenceRun the earlier run whose evidence can be judged again; empty for none
 * @param earlier the run that left evidence of an earlier commit
 */
export function planOutputs(
  matrix: Matrix,
  evidenceRun: string,
  earlier: EarlierRun | undefined,
): Partial<Outputs> {
  return {
    ...{ ...nothingVerified, matrix: JSON.stringify(matrix), 'evidence-run': evidenceRun },
    ...{ 'earlier-run': earlier?.run ?? '', 'earlier-commit': earlier?.commit ?? '' },
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
