import type { DriverReport } from '../judge/drivers.ts'
import type { DriverFinding } from '../judge/finding.ts'
import { causeNumbers, rankWords, reasonsInWords, setWords } from './driver-words.ts'
import { htmlText } from './escape.ts'
import type { Explained } from './explained.ts'
import { findingTexts } from './finding-texts.ts'
import { htmlTable } from './html-table.ts'
import { counted } from './words.ts'

const plain = (text: string) => htmlText(text)
const code = (text: string) => `<code>${htmlText(text)}</code>`

const mostDrivers = 2000
const mostRanks = 100

/** What becomes of the drivers that have to keep loading. */
export function driversHtml(
  report: DriverReport | undefined,
  findings: readonly DriverFinding[],
  why: Explained | undefined,
): string {
  if (!report) return ''
  const { sets, ranks } = report
  const broken = findings.filter(({ severity }) => severity !== 'ignore')
  const list = `<ul>${sets.map((set) => `<li>${code(set.variant)}: ${plain(setWords(set))}</li>`).join('')}</ul>`
  if (broken.length === 0) {
    return `<section aria-labelledby="drivers"><h2 id="drivers">Drivers that have to keep loading</h2>${list}</section>`
  }
  const { title, explanation, advice, counted: words } = findingTexts.driver
  const fails = broken.some(({ severity }) => severity === 'fail')
  return `<section aria-labelledby="drivers"><h2 id="drivers"><span class="badge ${fails ? 'fail' : 'warn'}">${fails ? 'break' : 'warning'}</span> ${title}: ${counted(broken.length, words.noun)}</h2>
<p>${plain(explanation)}</p><p><b>What to do:</b> ${plain(advice)}</p>${list}
${htmlTable(
  'What stops most drivers',
  ['What stops them', 'Drivers'],
  ranks.slice(0, mostRanks).map((rank) => ({ cells: [plain(rankWords(rank, why)), String(rank.drivers)] })),
)}${more(ranks.length - mostRanks)}
${htmlTable(
  'Drivers that would no longer load',
  ['Driver', 'Variant', 'Because', 'Causes'],
  broken.slice(0, mostDrivers).map((driver) => ({
    cells: [
      code(driver.name),
      plain(driver.variant),
      plain(reasonsInWords(driver)),
      causeNumbers(driver, why),
    ],
  })),
)}${more(broken.length - mostDrivers)}</section>`
}

function more(left: number): string {
  return left > 0 ? `<p>… and ${left} more.</p>` : ''
}
