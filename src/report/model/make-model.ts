import type { Severity } from '../../judge/policy.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { isError } from '../../problem/problem.ts'
import { aboutSection, againSection, checkedWords } from './about-section.ts'
import { explained } from './explained.ts'
import { driverSetsSection, otherSections } from './families.ts'
import { groupFindings, ignoredByRules } from './group-findings.ts'
import { isDoubt, nextStep, overrideSentence, resultSentence, resultWords } from './headline.ts'
import { mergeProblems } from './merge-problems.ts'
import { problemSection } from './problem-section.ts'
import { originSection } from './origin-words.ts'
import type { ReportModel } from './report-model.ts'
import { reachSection } from './reach-section.ts'
import { ruleSections, symbolSection } from './symbol-sections.ts'
import { seriesSection } from './series-section.ts'
import { variantSection } from './variant-section.ts'
import { promisingVariants } from './variant-words.ts'
import { waivedSection } from './waived.ts'

/**
 * What a report says of a verdict: what is wrong, heaviest first, then what was looked at.
 * @param seconds whether it tells how long each variant took
 */
export function reportModel(verdict: Verdict, seconds = true): Required<ReportModel> {
  const { result, findings, drivers } = verdict
  const override = overrideSentence(verdict)
  const all = promisingVariants(verdict.variants)
  const groups = groupFindings(findings)
  const why = explained(verdict)
  const problems = mergeProblems(verdict.problems)
  const doubts = problems.filter(({ problem }) => isDoubt(problem))
  const firstChanged = groups.find(({ kind }) => kind === 'changed')
  const sectionsOf = (severity: Severity) => [
    ...groups
      .filter((group) => group.severity === severity)
      .map((group) => symbolSection(group, why, group === firstChanged, all, verdict.docs)),
    ...otherSections(findings, severity, { drivers, why, docs: verdict.docs, all }),
  ]
  return {
    headline: {
      tone: result,
      word: resultWords[result],
      sentence: resultSentence(verdict, groups),
      ...(override ? { override } : {}),
    },
    next: nextStep(verdict),
    checked: checkedWords(verdict),
    sections: [
      ...problemSection(
        'errors',
        'Errors',
        problems.filter(({ problem }) => isError(problem)),
      ),
      ...problemSection('doubts', 'Before you look for a fault in the patch', doubts),
      ...sectionsOf('fail'),
      ...seriesSection(verdict),
      ...originSection(verdict),
      ...sectionsOf('warn'),
      ...waivedSection(findings, all),
      ...problemSection(
        'notes',
        'Notes',
        problems.filter((one) => !isError(one.problem) && !doubts.includes(one)),
      ),
      ...ruleSections(ignoredByRules(findings), verdict.unusedRules),
      ...driverSetsSection(drivers),
      ...variantSection(verdict, seconds),
      ...reachSection(verdict),
      ...aboutSection(verdict),
      ...againSection(verdict, why),
    ],
  }
}
