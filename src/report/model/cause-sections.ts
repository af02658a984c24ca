import { counted } from '../words.ts'
import { adviceWords } from './docs-link.ts'
import { splitByCauses, type CauseView, type Explained } from './explained.ts'
import {
  aloneWords,
  causesSentence,
  chainTitles,
  changesInWords,
  classWords,
  firstPlace,
  hasLayout,
  isVariantOnly,
  commitWords,
  patchText,
  proofSentence,
  reachWords,
  reservedWords,
  riskWords,
  roomFacts,
  variantsWords,
} from './explanation-words.ts'
import type { KindGroup } from './group-findings.ts'
import { causeLayoutWords } from './layout-words.ts'
import { originWords } from './origin-words.ts'
import {
  emptySection,
  type CauseEntry,
  type Causes,
  type Column,
  type Remark,
  type Section,
  type Sets,
  type Table,
} from './report-model.ts'
import { code, join, say, type Words } from './span.ts'
import { symbolTable } from './symbol-table.ts'
import { unexplainedTexts } from './unexplained-texts.ts'
import { variantsInWords } from './variant-words.ts'

/** How many symbols changed because of how many definitions, and how far that is proven. */
export function leadWords(why: Explained): Words {
  return say`${causesSentence(why)}. ${proofSentence(why)}`
}

/** More sets of causes than these start folded. */
const fewSets = 3

/** Changed symbols as the definitions that changed them, then the symbols by the definitions that changed them. */
export function causeParts(
  group: KindGroup,
  why: Explained,
  withCauses: boolean,
  all: readonly string[],
  docs: string | undefined,
): Pick<Section, 'blocks' | 'parts'> {
  const { sets, rest } = splitByCauses(group, why)
  const unexplained = new Set(rest.flatMap(({ findings }) => findings.map(({ symbol }) => symbol))).size
  const of = group.severity
  const parts: readonly (Section | false)[] = [
    sets.length > 0 && setsSection(withCauses ? 'sets' : `${of}-sets`, sets),
    rest.length > 0 && {
      ...emptySection(`${of}-unexplained`, [`${counted(unexplained, 'symbol')} not explained`]),
      blocks: [symbolTable(rest, all)],
      remarks: unexplainedRemarks(why),
    },
    {
      ...emptySection(`${of}-all`, ['All of them']),
      blocks: [{ ...symbolTable(group.groups, all, ({ causes }) => numbersOf(causes, why)), details: true }],
    },
    ...(withCauses ? idleSections(why) : []),
  ]
  return {
    blocks: withCauses ? [causesBlock(why, all, docs)] : [],
    parts: parts.filter((part) => part !== false),
  }
}

/** Symbols by the causes that changed them. */
export function setsSection(id: string, sets: Sets['sets']): Section {
  return {
    ...emptySection(id, ['Symbols by the causes that changed them']),
    folded: sets.length > fewSets,
    blocks: [{ kind: 'sets', sets }],
  }
}

function numbersOf(ids: readonly string[] = [], { byId }: Explained): Words {
  const numbers = ids.flatMap((id) => byId.get(id)?.number ?? [])
  return numbers.length === 0
    ? ['not explained']
    : [`cause${numbers.length === 1 ? '' : 's'} ${numbers.join(' ')}`]
}

/** Why symbols could not be explained, and what would help. */
export function unexplainedRemarks({ unexplained }: Explained): readonly Remark[] {
  return unexplained.map(({ why, variants, symbols }) => {
    const { title, advice } = unexplainedTexts[why]
    const where = variantsInWords(variants, [])
    return {
      label: 'Not explained',
      words: say`${counted(symbols.length, 'symbol')} in ${where}: ${title}.`,
      help: advice,
    }
  })
}

/** Definitions that changed and play no part once the others are reverted. */
export function idleSections({ idle }: Explained): readonly Section[] {
  if (idle.length === 0) return []
  const play = idle.length === 1 ? 'plays' : 'play'
  const title = `${counted(idle.length, 'changed definition')} that ${play} no part once the others are reverted`
  const columns: readonly Column[] = [
    { head: '#', number: true },
    { head: 'Definition', key: true },
    { head: 'Change' },
    { head: 'Alone' },
    { head: 'Place' },
  ]
  const rows = idle.map(({ cause, number, title: name }) => [
    [String(number)],
    [code(name)],
    [classWords(cause)],
    cause.alone > 0 ? [aloneWords(cause)] : [],
    placeWords(firstPlace(cause)),
  ])
  return [
    {
      ...emptySection('idle', [title]),
      folded: true,
      blocks: [{ kind: 'table', list: 'idle', caption: 'Definitions', columns, rows }],
    },
  ]
}

function placeWords(place: string | undefined): Words {
  return place === undefined ? [] : [code(place)]
}

/** Each definition that changed checksums. */
export function causesBlock(
  { explanation, causes, byId }: Explained,
  all: readonly string[],
  docs: string | undefined,
): Causes {
  const { repair, changed } = explanation
  return {
    kind: 'causes',
    glance: glanceOf(causes, all),
    causes: causes.map((view) => entryOf(view, all, docs)),
    variants: all,
    changed,
    steps:
      repair.length < 2
        ? []
        : repair.map((step) => ({
            restored: step.restored,
            names: step.causes.flatMap((id) => {
              const view = byId.get(id)
              return view ? [[{ cause: view.number, words: [code(view.title)] }]] : []
            }),
          })),
  }
}

function glanceOf(causes: readonly CauseView[], all: readonly string[]): Table {
  return {
    kind: 'table',
    list: 'causes',
    caption: 'Causes',
    noun: 'cause',
    columns: [
      { head: '#', number: true },
      { head: 'Cause', key: true },
      { head: 'Change' },
      { head: 'Symbols', number: true, lead: 'symbols' },
      { head: 'Alone', number: true, lead: 'alone' },
      { head: 'Variants' },
      { head: 'Place' },
    ],
    rows: causes.map(({ cause, number, title, risk }) => {
      const where = variantsWords(cause, all)
      return [
        [String(number)],
        [code(title)],
        [{ tone: risk, words: [classWords(cause)] }],
        [String(cause.symbols)],
        [String(cause.alone)],
        isVariantOnly(cause, all) ? [{ tone: 'strong', words: where }] : withoutIn(where),
        placeWords(firstPlace(cause)),
      ]
    }),
  }
}

/** `8 of 10 variants`, as the head of the column says the rest. */
function withoutIn([first, ...others]: Words): Words {
  return typeof first === 'string' ? [first.replace(/^in /, ''), ...others] : []
}

function entryOf(view: CauseView, all: readonly string[], docs: string | undefined): CauseEntry {
  const { cause, number, title, risk } = view
  const [change = []] = changesInWords(cause)
  return {
    number,
    title,
    risk,
    classes: classWords(cause),
    change,
    place: firstPlace(cause),
    symbols: cause.symbols,
    alone: cause.alone,
    where: variantsWords(cause, all),
    onlySome: isVariantOnly(cause, all),
    reach: new Map(cause.reach.map(({ variant, symbols }) => [variant, symbols.length])),
    facts: factsOf(view, all, docs),
    // Most reports show only a few of many hundred.
    get diff() {
      return view.diff
    },
  }
}

const mostPatchLines = 3

function factsOf(
  { cause, number, risk, text, adviceAt, traced }: CauseView,
  all: readonly string[],
  docs: string | undefined,
): CauseEntry['facts'] {
  const { explanation, advice, anchor } = text
  const again = number !== adviceAt
  const patch = cause.patch ?? []
  const chain = chainTitles(cause).map(code)
  const left = patch.length - mostPatchLines
  const commits = commitWords(patch.slice(0, mostPatchLines))
  const fact = (name: string, words: Words) => ({ name, words })
  return [
    ...patch.slice(0, mostPatchLines).map((line) => ({
      name: 'Patch',
      words: [{ patch: patchText(line) }],
      place: `${line.file}:${line.line}`,
    })),
    ...(left > 0 ? [fact('', [`… and ${counted(left, 'more line')} of the patch`])] : []),
    ...(commits.length > 0 ? [fact('Commit', commits)] : []),
    ...(traced.origin ? [fact('Origin', originWords(traced))] : []),
    ...(cause.place ? [fact('Defined', [code(`${cause.place.file}:${cause.place.line}`)])] : []),
    ...changesInWords(cause)
      .slice(1)
      .map((words) => fact('Also', words)),
    fact('Reach', reachWords(cause, all)),
    ...(chain.length > 1 ? [fact('For example', join(chain, ' → '))] : []),
    ...(hasLayout(cause) ? [fact('Layout', causeLayoutWords(cause.layout))] : []),
    ...roomFacts(cause).map((words) => fact('Room', words)),
    ...(cause.reserved ? [fact('Reserved', reservedWords(cause.reserved))] : []),
    fact('Risk', [`${riskWords[risk]}.${again ? '' : ` ${explanation}`}`]),
    fact('What to do', again ? [`as for cause ${adviceAt}.`] : adviceWords(docs, advice, anchor)),
  ]
}
