import type { Cause } from '../abi/cause.ts'
import { isError, type Problem, type ProblemKind } from '../problem/problem.ts'
import { fails, type Finding } from './finding.ts'
import type { Verdict } from './verdict.ts'

/** What a bisection looks for. */
export type BisectQuestion =
  | { readonly kind: 'any' }
  | { readonly kind: 'symbol'; readonly symbol: string }
  | {
      readonly kind: 'type'
      /** As genksyms writes it: `s#device`. */
      readonly name: string
      /**
       * For each variant whose release has the type, the symbols of some objects that have it: an object tells about the type as long
       * as all of its symbols can be compared.
       */
      readonly objects: ReadonlyMap<string, readonly (readonly string[])[]>
    }

/** What one commit is in a bisection. */
export type BisectStep =
  | { readonly kind: 'good' }
  | {
      readonly kind: 'bad'
      readonly finding: Finding
      /** How many others there are. */
      readonly more: number
    }
  | { readonly kind: 'bad'; readonly cause: Cause }
  /** Nobody knows of this commit; others can be looked at. */
  | { readonly kind: 'skipped'; readonly problem: Problem }
  /** No commit can be looked at before somebody does something. */
  | { readonly kind: 'stopped'; readonly problem: Problem }

/**
 * Whom an error speaks of: the commit that is checked out, so that the bisection goes on with others, or the setup, be it the command
 * line, the configuration, the lists or the machine, so that it stops. Where a kind may be either, the setup is meant: a commit
 * that somebody has to skip by hand does less harm than one that is skipped for a mistake. A problem may know better.
 */
const speakers: Readonly<Record<ProblemKind, 'commit' | 'setup' | 'note'>> = {
  usage: 'setup',
  config: 'setup',
  baseline: 'setup',
  waivers: 'setup',
  'waiver-expired': 'note',
  'waiver-expires': 'note',
  'waiver-unused': 'note',
  'origin-unknown': 'note',
  unreadable: 'setup',
  unwritable: 'setup',
  'malformed-line': 'setup',
  'empty-symvers': 'setup',
  'empty-whitelist': 'setup',
  'no-whitelist': 'setup',
  'no-checksum': 'setup',
  'not-exported': 'setup',
  'outside-lifetime': 'note',
  'column-not-compared': 'note',
  'all-unversioned': 'setup',
  'conflicting-rows': 'setup',
  'two-exporters': 'note',
  'duplicate-row': 'note',
  'no-newline': 'note',
  'not-canonical': 'setup',
  'list-differs': 'setup',
  'types-differ': 'setup',
  'types-not-recomputed': 'note',
  'other-types': 'setup',
  'types-incomplete': 'note',
  'no-types': 'note',
  'not-explained': 'note',
  'no-layout': 'note',
  'no-layouts': 'note',
  'layouts-differ': 'setup',
  'layouts-moved': 'note',
  'layouts-not-known': 'note',
  'hidden-not-judged': 'setup',
  'left-out': 'note',
  'ignored-by-git': 'note',
  'nothing-accepted': 'note',
  'stale-files': 'setup',
  'incomplete-comparison': 'setup',
  'not-comparable': 'commit',
  'compared-anyway': 'note',
  'patch-configures': 'note',
  'missing-variant': 'setup',
  'bad-evidence': 'setup',
  'stale-evidence': 'setup',
  'other-checkout': 'setup',
  'no-symvers': 'setup',
  'unversioned-module': 'setup',
  'other-kernel': 'setup',
  'tree-not-kernel': 'commit',
  'tree-not-clean': 'setup',
  'source-written': 'note',
  'missing-tool': 'setup',
  'download-failed': 'setup',
  'disk-failed': 'setup',
  'modversions-off': 'commit',
  'option-dropped': 'note',
  'option-assumed': 'note',
  'compiler-unknown': 'note',
  'other-compiler': 'note',
  'list-of-another-tree': 'note',
  'configure-failed': 'commit',
  'build-failed': 'commit',
  busy: 'setup',
  interrupted: 'setup',
  'report-failed': 'note',
  'approval-refused': 'note',
  internal: 'setup',
}

/** Says what the commit is that a verdict is about. What kept the gate from looking comes first: then no finding counts. */
export function bisectStep(verdict: Verdict, question: BisectQuestion): BisectStep {
  const errors = verdict.problems.filter(isError)
  const ofSetup = errors.find((one) => (one.speaksOf ?? speakers[one.kind]) !== 'commit')
  if (ofSetup) return { kind: 'stopped', problem: ofSetup }
  const [problem] = errors
  if (problem) return { kind: 'skipped', problem }
  if (verdict.result === 'error') return { kind: 'stopped', problem: withoutReason }
  switch (question.kind) {
    case 'any':
      return stepOf(verdict.findings.filter(fails))
    case 'symbol':
      return stepOf(verdict.findings.filter((one) => breaks(one, question.symbol)))
    case 'type':
      return typeStep(verdict, question)
  }
}

const withoutReason: Problem = { kind: 'internal', message: 'the run ended in an error without saying why' }

function stepOf([finding, ...others]: readonly Finding[]): BisectStep {
  return finding ? { kind: 'bad', finding, more: others.length } : { kind: 'good' }
}

/** Whether a finding is that a symbol is broken. A waiver excuses the break, and whoever asks by name wants to know who made it. */
function breaks(finding: Finding, symbol: string): boolean {
  switch (finding.family) {
    case 'symbol':
      return finding.symbol === symbol && (fails(finding) || finding.waiver !== undefined)
    case 'layout':
      return finding.symbols.includes(symbol) && (fails(finding) || finding.waiver !== undefined)
    case 'hidden':
    case 'gate-edit':
    case 'driver':
      return false
  }
}

function typeStep(
  { explanation, findings }: Verdict,
  { name, objects }: Extract<BisectQuestion, { kind: 'type' }>,
): BisectStep {
  const cause = explanation?.causes.find((one) => one.name === name && one.matters)
  if (cause) return { kind: 'bad', cause }
  for (const [variant, some] of objects) {
    const silent = new Set([
      ...findings.flatMap((one) =>
        one.family === 'symbol' &&
        one.variant === variant &&
        (one.kind === 'removed' || one.kind === 'unversioned')
          ? [one.symbol]
          : [],
      ),
      ...(explanation?.unexplained ?? []).flatMap((one) => (one.variant === variant ? one.symbols : [])),
    ])
    const tells = some.some((symbols) => symbols.length > 0 && !symbols.some((one) => silent.has(one)))
    if (tells) continue
    const message =
      'no symbol that reaches the type can be compared here: each is gone, or its change cannot be explained'
    return { kind: 'skipped', problem: { kind: 'not-explained', message, variant } }
  }
  return { kind: 'good' }
}
