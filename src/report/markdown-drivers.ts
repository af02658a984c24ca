import type { DriverReport } from '../judge/drivers.ts'
import type { DriverFinding } from '../judge/finding.ts'
import type { Severity } from '../judge/policy.ts'
import { causeNumbers, rankWords, reasonsInWords, setWords } from './driver-words.ts'
import { markdownCode, markdownText } from './escape.ts'
import type { Explained } from './explained.ts'
import { findingTexts } from './finding-texts.ts'
import type { Detail } from './markdown-detail.ts'
import { findingHeading } from './markdown-findings.ts'
import { markdownTable } from './markdown-table.ts'

const mostRanks = 10

/** The drivers that would no longer load, as a section like that of any other kind of finding. */
export function driversSection(
  report: DriverReport | undefined,
  findings: readonly DriverFinding[],
  severity: Severity,
  why: Explained | undefined,
  detail: Detail,
): string {
  const broken = findings.filter((driver) => driver.severity === severity)
  if (!report || broken.length === 0) return ''
  const shown = broken.slice(0, detail.problems)
  const ranks = report.ranks.slice(0, Math.min(mostRanks, detail.problems))
  const { explanation, advice } = findingTexts.driver
  return [
    findingHeading({ severity, kind: 'driver', symbols: broken.length }),
    markdownText(explanation),
    `**What to do:** ${markdownText(advice)}`,
    markdownTable(
      ['Drivers', 'What stops them'],
      ranks.map((rank) => [String(rank.drivers), markdownText(rankWords(rank, why), detail.text)]),
      ['Drivers'],
    ),
    ...more(report.ranks.length - ranks.length),
    markdownTable(
      ['Driver', 'Variant', 'Because', 'Causes'],
      shown.map((driver) => [
        markdownCode(driver.name, Math.min(detail.text, 300)),
        markdownText(driver.variant, 100),
        markdownText(reasonsInWords(driver), detail.text),
        causeNumbers(driver, why),
      ]),
    ),
    ...more(broken.length - shown.length),
  ].join('\n\n')
}

/** How many drivers of each variant still load. */
export function driverSetsSection(report: DriverReport | undefined, detail: Detail): string {
  if (!report) return ''
  const sets = report.sets.slice(0, detail.problems)
  return [
    '### Drivers that have to keep loading',
    markdownTable(
      ['Variant', 'Drivers'],
      sets.map((set) => [markdownCode(set.variant, 100), setWords(set)]),
    ),
    ...more(report.sets.length - sets.length),
  ].join('\n\n')
}

function more(left: number): string[] {
  return left > 0 ? [`… and ${left} more.`] : []
}
