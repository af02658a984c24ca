import { doubtTexts } from '../../abi/carry-over.ts'
import type { Reach, ReachOfFile, VariantSummary, Verdict } from '../../judge/verdict.ts'
import { counted } from '../words.ts'
import { emptySection, type Remark, type Section } from './report-model.ts'
import { code, join, say, text, type Words } from './span.ts'
import { variantsInWords } from './variant-words.ts'

/** Characters of a commit that tell it from others. */
const enough = 12

/** Why evidence of an earlier commit holds: a sentence for each commit and set of changes. */
export function carriedRemarks(variants: readonly VariantSummary[]): readonly Remark[] {
  const groups = new Map<string, VariantSummary[]>()
  for (const one of variants) {
    if (!one.carried) continue
    const key = `${one.carried.from} ${one.carried.changed}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].map((group) => ({ label: 'Carried over', words: carriedWords(group) }))
}

function carriedWords(group: readonly VariantSummary[]): Words {
  const carried = group.flatMap((one) => one.carried ?? [])
  const [{ from, changed } = { from: '', changed: 0 }] = carried
  const reads = carried.map(({ read }) => read)
  const names = variantsInWords(
    group.map(({ name }) => name),
    [],
  )
  if (changed === 0)
    return say`${names}: evidence of a tree with the same files (${text(from.slice(0, enough))}).`
  const files = numbers(Math.min(...reads), Math.max(...reads))
  return say`${names}: evidence of commit ${text(from.slice(0, enough))} holds. ${counted(changed, 'file')} changed since: none of the ${files} files that were looked at, none that says what is built, and no name that could hide one.`
}

function numbers(least: number, most: number): string {
  return least === most ? String(most) : `${least} to ${most}`
}

/** What each changed file can reach; nothing where nobody asked. */
export function reachSection({ reach, variants }: Verdict): readonly Section[] {
  if (!reach) return []
  const all = variants.map(({ name }) => name)
  const without = reach.filter(({ from }) => from === undefined).map(({ variant }) => variant)
  const rows = [...rowsByFile(reach)].map(([path, found]) => [[code(path)], reachWords(found, all)])
  return [
    {
      ...emptySection('reach', ['What the changed files can reach']),
      ...(rows.length === 0 && without.length === 0
        ? { lead: ['No file changed since the evidence at hand.'] }
        : {}),
      blocks:
        rows.length === 0
          ? []
          : [
              {
                kind: 'table',
                list: 'reach',
                caption: 'Changed files',
                noun: 'file',
                columns: ['File', 'Can reach'].map((head) => ({ head })),
                rows,
                figures: true,
              },
            ],
      remarks:
        without.length === 0
          ? []
          : [
              {
                label: 'Not known',
                words: say`${variantsInWords(without, all)}: no earlier evidence is at hand, so that all is looked at.`,
              },
            ],
    },
  ]
}

interface FileOfVariant {
  readonly variant: string
  readonly file: ReachOfFile
}

function rowsByFile(reach: readonly Reach[]): ReadonlyMap<string, readonly FileOfVariant[]> {
  const rows = new Map<string, FileOfVariant[]>()
  for (const { variant, files } of reach)
    for (const file of files) rows.set(file.path, [...(rows.get(file.path) ?? []), { variant, file }])
  return rows
}

/** The same words of several variants stand once. */
function reachWords(found: readonly FileOfVariant[], all: readonly string[]): Words {
  const byText = new Map<string, string[]>()
  for (const { variant, file } of found) {
    const said = reachOfFile(file)
    byText.set(said, [...(byText.get(said) ?? []), variant])
  }
  const [only, ...others] = byText.keys()
  if (only !== undefined && others.length === 0) return [only]
  return join(
    [...byText].map(([said, variants]) => say`${variantsInWords(variants, all)}: ${said}`),
    '; ',
  )
}

function reachOfFile({ doubt, objects, symbols = 0 }: ReachOfFile): string {
  if (!doubt) return 'nothing'
  if (!objects) return `everything: it ${doubtTexts[doubt]}`
  return `${counted(symbols, 'protected symbol')} of ${counted(objects.length, 'object')}: it ${doubtTexts[doubt]}`
}
