import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Collected, Evidence } from '../abi/evidence.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { isDraft } from '../io/drafts.ts'
import { fileProblem } from '../io/file-problem.ts'
import { fileNames } from './limits.ts'
import { readEvidence, treeInWords, type Expectations } from './read-evidence.ts'
import { badFile } from '../io/read-plain-file.ts'

/** Far more than variants can be; GitHub's matrix has 256. */
const mostEntries = 4096

/**
 * Reads the evidence of all variants: folders with an `evidence.json` in a folder, or one level deeper, as
 * actions/download-artifact lays them out. A folder that is itself the evidence of a variant, as of a single artifact, will
 * do.
 *
 * A variant twice, or of another kernel tree than the others, is a failure (`bad-evidence`, `stale-evidence`). For the others
 * see `readEvidence`. What belongs to no variant is a problem of the run: `bad-evidence`, `unreadable`.
 */
export async function readEvidenceFolder(
  folder: string,
  expectations: Expectations,
): Promise<Read<ReadonlyMap<string, Collected>>> {
  const { value: folders, problems: strays } = await findEvidenceFolders(folder)
  const problems: Problem[] = [...strays]
  const collected = new Map<string, Collected>()
  const folderOf = new Map<string, string>()
  for (const one of folders) {
    const { value, problems: some } = await readEvidence(one, expectations)
    problems.push(...some)
    if (!value) continue
    const { variant } = value
    const first = folderOf.get(variant)
    if (first !== undefined) {
      const message = `Variant ${variant} has evidence twice: in ${quote(first)} and in ${quote(one)}.`
      collected.set(variant, failure(variant, { kind: 'bad-evidence', message, place: { file: one } }))
    } else if (!expectations.plans.has(variant)) {
      problems.push(...(value.kind === 'failure' ? value.problems : []))
    } else {
      folderOf.set(variant, one)
      collected.set(variant, value)
    }
  }
  return { value: withoutOtherTrees(collected, expectations), problems }
}

/** The first variant of the plan with a known tree says which it is. */
function withoutOtherTrees(
  collected: ReadonlyMap<string, Collected>,
  { plans }: Expectations,
): ReadonlyMap<string, Collected> {
  let first: Evidence | undefined
  const checked = new Map<string, Collected>()
  for (const variant of plans.keys()) {
    const one = collected.get(variant)
    if (!one) continue
    checked.set(variant, one)
    if (one.kind === 'failure' || !one.tree) continue
    first ??= one
    if (treeKey(one) === treeKey(first)) continue
    const message = `The evidence of ${variant} is of ${treeInWords(one.tree)}, that of ${first.variant} of ${treeInWords(first.tree)}.`
    checked.set(variant, failure(variant, { kind: 'stale-evidence', message }))
  }
  return checked
}

function treeKey({ tree }: Evidence): string {
  return JSON.stringify(tree)
}

function failure(variant: string, problem: Problem): Collected {
  return { kind: 'failure', variant, problems: [{ ...problem, variant }] }
}

async function findEvidenceFolders(folder: string): Promise<Read<readonly string[]>> {
  const top = await entriesOf(folder)
  if (top.problems.length > 0 || top.value.some(({ name }) => name === fileNames.record))
    return { value: top.problems.length > 0 ? [] : [folder], problems: top.problems }
  const folders: string[] = []
  const problems: Problem[] = []
  for (const { name, isFolder } of top.value) {
    const path = join(folder, name)
    const inside: Read<readonly Entry[]> = isFolder
      ? await entriesOf(path)
      : { value: [], problems: [badFile(path, 'is no folder with evidence')] }
    problems.push(...inside.problems)
    if (inside.problems.length > 0) continue
    if (inside.value.some((entry) => entry.name === fileNames.record)) folders.push(path)
    else if (inside.value.length === 0) problems.push(badFile(path, `has no ${fileNames.record}`))
    else {
      for (const entry of inside.value) {
        const deeper = join(path, entry.name)
        if (entry.isFolder) folders.push(deeper)
        else problems.push(badFile(deeper, `stands in a folder without ${fileNames.record}`))
      }
    }
  }
  return { value: folders, problems }
}

interface Entry {
  readonly name: string
  readonly isFolder: boolean
}

/** What stands in a folder, in the order of the names. */
async function entriesOf(folder: string): Promise<Read<readonly Entry[]>> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    if (entries.length > mostEntries)
      return { value: [], problems: [badFile(folder, `has ${entries.length} entries`)] }
    // What a killed run left unfinished is nobody's evidence.
    const finished = entries.filter(({ name }) => !isDraft(name))
    const sorted = finished.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
    return { value: sorted.sort((a, b) => (a.name < b.name ? -1 : 1)), problems: [] }
  } catch (error) {
    return { value: [], problems: [fileProblem('unreadable', folder, error)] }
  }
}
