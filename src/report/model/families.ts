import {
  ofFamily,
  type DriverFinding,
  type EditFinding,
  type Families,
  type Family,
  type Finding,
  type FindingKind,
  type HiddenFinding,
  type LayoutFinding,
} from '../../judge/finding.ts'
import type { Severity } from '../../judge/policy.ts'
import type { PatchLine } from '../../abi/cause.ts'
import { definitionTitle } from '../../abi/explain/definition-title.ts'
import type { DriverReport } from '../../judge/drivers.ts'
import { capital, counted } from '../words.ts'
import { countsBesideSymbols } from './group-findings.ts'
import { adviceWords } from './docs-link.ts'
import { causeNumbers, rankWords, reasonsInWords, setWords } from './driver-words.ts'
import { editChange, editMeanings, editPlace, editTexts } from './edit-texts.ts'
import type { Explained } from './explained.ts'
import { commitWords, patchText } from './explanation-words.ts'
import { findingTexts, hiddenWords } from './finding-texts.ts'
import { layoutWords, proofWords, reachWords } from './layout-words.ts'
import { withOrigin } from './origin-words.ts'
import { pictureBlock } from './picture-block.ts'
import { emptySection, type Section, type Table } from './report-model.ts'
import { code, say, text, variantCode, variantName, type Words } from './span.ts'
import { variantsInWords } from './variant-words.ts'

/** What stands beside the findings and is wanted to tell of them. */
interface Beside {
  readonly drivers: DriverReport | undefined
  readonly why: Explained | undefined
  readonly docs: string | undefined
  /** The variants that promise something. */
  readonly all: readonly string[]
}

type Shown = Pick<Section, 'blocks' | 'remarks'>

type OtherFamily = Exclude<Family, 'symbol'>

/** What a section about findings of each family shows; symbols have more to say, and a file of their own. */
const families: {
  readonly [F in OtherFamily]: (findings: readonly Families[F][], beside: Beside) => Shown
} = {
  layout: layouts,
  hidden: hiddenLines,
  'gate-edit': edits,
  driver: stoppedDrivers,
}

/** The findings of one severity that are about no symbol, a section for each family that has any. */
export function otherSections(
  findings: readonly Finding[],
  severity: Severity,
  beside: Beside,
): readonly Section[] {
  const own = findings.filter((finding) => finding.severity === severity)
  const section = (family: OtherFamily): readonly Section[] => {
    const some = ofFamily(own, family)
    return [...new Set(some.map(({ kind }) => kind))].map((kind) => {
      const alike = some.filter((one) => one.kind === kind)
      const [first] = countsBesideSymbols(alike)
      return { ...opened(severity, kind, first?.count ?? 0, beside.docs), ...shownBy(family, alike, beside) }
    })
  }
  return (Object.keys(families) as OtherFamily[]).flatMap(section)
}

function shownBy<F extends OtherFamily>(family: F, findings: readonly Families[F][], beside: Beside): Shown {
  return families[family](findings, beside)
}

function opened(severity: Severity, kind: FindingKind, count: number, docs: string | undefined): Section {
  const { title, counted: words, explanation, advice, anchor } = findingTexts[kind]
  return {
    ...emptySection(`${severity}-${kind}`, [`${title}: ${counted(count, words.noun)}`]),
    about: { severity, kind },
    explanation,
    advice: adviceWords(docs, advice, anchor),
  }
}

/** Types that moved. What stands among the causes of changed checksums, and is told of by these alone, is only counted. */
function layouts(findings: readonly LayoutFinding[], { why, all }: Beside): Shown {
  const causes = new Set(why?.causes.map(({ cause }) => cause.name))
  const own = findings.filter(({ name, untold }) => untold.length > 0 || !causes.has(name))
  const others = findings.filter(({ name, untold }) => untold.length === 0 && causes.has(name))
  const left = new Set(others.map(({ name }) => name)).size
  const table: Table = {
    kind: 'table',
    list: 'layouts',
    caption: 'Types',
    columns: [
      { head: 'Type', key: true },
      { head: 'Change' },
      { head: 'Reached by' },
      { head: 'Variant', lead: 'in' },
      { head: 'Line' },
    ],
    rows: byChange(own).map(([finding, variants]) => [
      [code(definitionTitle(finding.name))],
      layoutWords(finding),
      reachWords(finding),
      variantsInWords(variants, all),
      layoutPlace(finding),
    ]),
  }
  const more = counted(left, own.length > 0 ? 'more type' : 'type')
  const remarks =
    left > 0
      ? [{ label: 'Above', words: [`${more} among the causes of changed checksums, with the layout`] }]
      : []
  const pictures = pictureBlock([...own, ...others], all)
  const traced = withOrigin(
    table,
    byChange(own).map(([finding]) => finding),
  )
  return { blocks: [...(own.length > 0 ? [traced] : []), ...pictures], remarks }
}

/** Findings that say the same, once, with their variants. */
function byChange(
  findings: readonly LayoutFinding[],
): readonly (readonly [LayoutFinding, readonly string[]])[] {
  const groups = new Map<string, readonly [LayoutFinding, string[]]>()
  for (const finding of findings) {
    const { name, differences, embedding, symbols, untold, place, origin } = finding
    const held = embedding.map((one) => one.name)
    const key = JSON.stringify([name, differences, held, symbols, untold, place, origin])
    const group = groups.get(key)
    if (group) group[1].push(finding.variant)
    else groups.set(key, [finding, [finding.variant]])
  }
  return [...groups.values()]
}

function layoutPlace({ patch = [], place }: LayoutFinding): Words {
  const [line] = patch
  if (line) return say`${code(`${line.file}:${line.line}`)} ${{ patch: patchText(line) }}${inCommit(line)}`
  return place ? [code(`${place.file}:${place.line}`)] : []
}

function inCommit(line: PatchLine): Words {
  return line.commit ? say`, commit ${commitWords([line])}` : []
}

/** The lines of a patch that hide changes from the checksums. */
function hiddenLines(findings: readonly HiddenFinding[]): Shown {
  const table: Table = {
    kind: 'table',
    list: 'hidden',
    caption: 'Lines that hide changes',
    columns: [{ head: 'Place' }, { head: 'How' }, { head: 'Line', key: true }, { head: 'In memory' }],
    rows: findings.map(({ line, proof }) => [
      [code(`${line.file}:${line.line}`)],
      [hiddenWords[line.how]],
      [{ patch: patchText(line) }, ...inCommit(line)],
      proofWords(proof),
    ]),
  }
  return { blocks: [withOrigin(table, findings)], remarks: [] }
}

/** What the patch changes in the gate. */
function edits(findings: readonly EditFinding[]): Shown {
  const all = findings.map(({ edit }) => edit)
  const table: Table = {
    kind: 'table',
    list: 'edits',
    caption: 'Edits of the gate',
    columns: [
      { head: 'Place' },
      { head: 'What' },
      { head: 'About', key: true },
      { head: 'Change' },
      { head: 'Variant', lead: 'in' },
    ],
    rows: all.map((edit) => [
      [code(editPlace(edit))],
      [editTexts[edit.kind].title],
      [code(edit.subject)],
      editChange(edit),
      edit.variant === undefined ? [] : [variantName(edit.variant)],
    ]),
  }
  const remarks = editMeanings(all).map(({ title, meaning }) => ({ label: capital(title), words: [meaning] }))
  return { blocks: [withOrigin(table, findings)], remarks }
}

/** The drivers that would no longer load, and what stops most of them. */
function stoppedDrivers(findings: readonly DriverFinding[], { drivers, why }: Beside): Shown {
  const ranks: Table = {
    kind: 'table',
    list: 'ranks',
    caption: 'What stops most drivers',
    columns: [{ head: 'Drivers', number: true }, { head: 'What stops them' }],
    rows: (drivers?.ranks ?? []).map((rank) => [[String(rank.drivers)], rankWords(rank, why)]),
  }
  const table: Table = {
    kind: 'table',
    list: 'drivers',
    caption: 'Drivers',
    columns: [
      { head: 'Driver', key: true },
      { head: 'Variant', lead: 'in' },
      { head: 'Because' },
      { head: 'Causes' },
    ],
    rows: findings.map((driver) => [
      [code(driver.name)],
      [variantName(driver.variant)],
      reasonsInWords(driver),
      [causeNumbers(driver, why)].filter((numbers) => numbers !== ''),
    ]),
  }
  return { blocks: [ranks, withOrigin(table, findings)], remarks: [] }
}

/** How many drivers of each variant still load. */
export function driverSetsSection(report: DriverReport | undefined): readonly Section[] {
  if (!report) return []
  const table: Table = {
    kind: 'table',
    list: 'driver-sets',
    caption: 'Drivers',
    columns: [{ head: 'Variant' }, { head: 'Drivers' }],
    rows: report.sets.map((set) => [[variantCode(set.variant)], [text(setWords(set))]]),
  }
  return [
    {
      ...emptySection('driver-sets', ['Drivers that have to keep loading']),
      label: 'note',
      blocks: [table],
    },
  ]
}
