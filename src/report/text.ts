import { isError } from '../problem/problem.ts'
import { ofFamily } from '../judge/finding.ts'
import type { Result, Verdict } from '../judge/verdict.ts'
import { noLimits, shortLimits } from './cause-limits.ts'
import { configurationSentence } from './configuration-sentence.ts'
import { explained } from './explained.ts'
import { groupFindings, ignoredByRules, type KindGroup } from './group-findings.ts'
import { nextStep, overrideSentence, resultSentence, resultWords } from './headline.ts'
import { mergeProblems } from './merge-problems.ts'
import { changedBlocks, unexplainedNotes } from './text-causes.ts'
import { driverSetsBlock, driversBlock } from './text-drivers.ts'
import { editsBlock } from './text-edits.ts'
import { findingBlock, ignoredBlock, unusedRulesBlock } from './text-findings.ts'
import { hiddenBlock } from './text-hidden.ts'
import { brief, hang, joinBlocks, layoutOf, type Layout, type Paint } from './text-layout.ts'
import { problemBlocks } from './text-problems.ts'
import { variantsBlock } from './text-variants.ts'
import { waivedBlock } from './text-waived.ts'
import { promisingVariants } from './words.ts'

export interface TextOptions {
  readonly color: boolean
  /** Columns for prose, 100 unless told; tables never lose a value and may be wider. */
  readonly width?: number
  /** Rows of symbols to show per kind before the rest is only counted; all of them unless told. */
  readonly maxSymbols?: number
  /** True to cut nothing: every cause, every diff and every symbol in full. */
  readonly details?: boolean
}

/**
 * A verdict for a terminal. The first line is the verdict in words, and names the override when the disable flag was
 * given. Then what is wrong, heaviest first, then what was looked at, then what to do. Ends in a newline.
 */
export function renderText(verdict: Verdict, options: TextOptions): string {
  const layout = layoutOf(options)
  const all = promisingVariants(verdict.variants)
  const groups = groupFindings(verdict.findings)
  const problems = mergeProblems(verdict.problems)
  const { maxSymbols = Infinity, details = false } = options
  const why = explained(verdict)
  const limits = details ? noLimits : { ...shortLimits, rows: maxSymbols }
  const firstChanged = groups.find(({ kind }) => kind === 'changed')
  const findings = (severity: KindGroup['severity']) => [
    ...groups
      .filter((group) => group.severity === severity)
      .flatMap((group) => {
        if (group.kind !== 'changed' || !why) return [findingBlock(group, all, maxSymbols, layout)]
        if (why.causes.length > 0) {
          return changedBlocks(group, why, { withCauses: group === firstChanged, limits }, all, layout)
        }
        return [findingBlock(group, all, maxSymbols, layout, unexplainedNotes(why, layout))]
      }),
    hiddenBlock(ofFamily(verdict.findings, 'hidden'), severity, maxSymbols, layout),
    editsBlock(ofFamily(verdict.findings, 'gate-edit'), severity, maxSymbols, layout),
    driversBlock(verdict.drivers, ofFamily(verdict.findings, 'driver'), severity, why, maxSymbols, layout),
  ]
  const blocks = [
    [headline(verdict, groups, layout)],
    ...problemBlocks(
      problems.filter(({ problem }) => isError(problem)),
      layout,
    ),
    ...findings('fail'),
    ...findings('warn'),
    waivedBlock(verdict.findings, all, layout),
    ...problemBlocks(
      problems.filter(({ problem }) => !isError(problem)),
      layout,
    ),
    ignoredBlock(ignoredByRules(verdict.findings), layout),
    unusedRulesBlock(verdict.unusedRules, layout),
    driverSetsBlock(verdict.drivers, layout),
    variantsBlock(verdict, layout),
    ...configurationBlock(verdict, layout),
    hang('next: ', nextStep(verdict, brief), layout.width, {
      label: layout.paint.bold,
      text: (text) => text,
    }),
  ]
  return joinBlocks(blocks)
}

function configurationBlock(verdict: Verdict, { width, paint }: Layout): string[][] {
  const sentence = configurationSentence(verdict, brief)
  return sentence === '' ? [] : [hang('gate: ', sentence, width, { label: paint.bold, text: (text) => text })]
}

function headline(verdict: Verdict, groups: readonly KindGroup[], { paint }: Layout): string {
  const paints: Readonly<Record<Result, Paint>> = {
    pass: paint.green,
    break: paint.red,
    overridden: paint.yellow,
    error: paint.red,
  }
  const word = paint.bold(paints[verdict.result](resultWords[verdict.result]))
  const sentence = resultSentence(verdict, groups, brief)
  // The line carries both, and neither is wrapped: it is what people search a log for.
  const override = overrideSentence(verdict, brief)
  if (override === undefined) return `${word}: ${sentence}`
  return verdict.result === 'overridden'
    ? `${word} ${override} — ${sentence}`
    : `${word}: ${sentence} — override ${override}`
}
