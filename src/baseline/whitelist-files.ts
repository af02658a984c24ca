import { link, lstat, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { equalBytes } from '../abi/ksymtypes.ts'
import type { Problem } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { draftOf, removeStaleDrafts, staleDrafts } from '../io/drafts.ts'
import { errorCode, fileProblem } from '../io/file-problem.ts'
import { makeFolder } from '../io/make-folder.ts'
import { readBytes } from '../io/read-bytes.ts'
import { writeFileSafely } from '../io/write-file.ts'

/** The files of a whitelist. */
interface WhitelistFiles {
  readonly list: string
  /** The type definitions behind its checksums, in SUSE's consolidated form, packed with gzip. */
  readonly types: string
  /** How the compiler lays these types out in memory, packed with gzip. */
  readonly layouts: string
  /** How it came about. */
  readonly baseline: string
}

/** What the files hold; a file that is not to be written is undefined. */
export interface WhitelistContent {
  readonly list: string
  readonly types: Uint8Array | undefined
  readonly layouts?: Uint8Array | undefined
  readonly baseline: string | undefined
}

/**
 * Says where the files of a whitelist stand: `symtypes.gz`, `layouts.gz` and `baseline.yml` beside a `kabi_whitelist` or
 * `kabi_stablelist`; beside a list of another name, which may share its folder with others, with that name and a dot before theirs.
 */
export function whitelistFiles(list: string): WhitelistFiles {
  const prefix = ['kabi_whitelist', 'kabi_stablelist'].includes(basename(list)) ? '' : `${basename(list)}.`
  const beside = (name: string): string => join(dirname(list), prefix + name)
  return {
    list,
    types: beside('symtypes.gz'),
    layouts: beside('layouts.gz'),
    baseline: beside('baseline.yml'),
  }
}

/**
 * The problem of a list that is there already, or may be: it is not to be made anew. One that belongs to a set which a killed
 * run did not finish is no problem; see `createWhitelistFiles`.
 */
export async function existingWhitelist(list: string): Promise<Problem | undefined> {
  if (!(await mayExist(list)) || (await isUnfinished(list))) return undefined
  return {
    kind: 'unwritable',
    message: `${quote(list)} exists already.`,
    place: { file: list },
    advice: 'Bring the list up to date with `kabi-gate whitelist update`, or remove it first.',
  }
}

/**
 * Writes new whitelists, all or none: when one fails, those before it are removed again. A list that exists is a problem
 * and stays as it is; types and a baseline without a list are what an interrupted run left, and do not stay. For the
 * order of the files see `updateWhitelist`.
 *
 * Each list is a draft first. It gets its name as a second name of the same file, and the drafts go when all lists have theirs:
 * a list that still is a draft of a process that is gone tells that its set was not finished, and the next run makes it anew.
 * @param contents by the path of the list
 */
export async function createWhitelistFiles(
  contents: ReadonlyMap<string, WhitelistContent>,
): Promise<Problem | undefined> {
  const drafts = new Map<string, string>()
  const written: string[] = []
  const resumes = await isUnfinishedSet([...contents.keys()])
  try {
    for (const [list, content] of contents) {
      const existing = await existingWhitelist(list)
      // The killed run had finished this one, and was about to finish the others.
      if (existing && resumes && (await holds(list, new TextEncoder().encode(content.list)))) continue
      const problem = existing ?? (await writeDraft(list, content, drafts))
      if (problem) return problem
    }
    for (const [list, content] of contents) {
      if (!drafts.has(list)) continue
      const problem = await createOne(list, content, drafts.get(list) ?? '')
      if (!problem) {
        written.push(list)
        continue
      }
      for (const path of written) {
        const files = whitelistFiles(path)
        // What cannot be removed either is in a folder like the one that the problem names.
        for (const file of [files.list, files.types, files.layouts, files.baseline]) await remove(file)
      }
      return problem
    }
    for (const list of contents.keys()) await removeStaleDrafts(list)
    return undefined
  } finally {
    for (const draft of drafts.values()) await remove(draft)
  }
}

async function writeDraft(
  list: string,
  content: WhitelistContent,
  drafts: Map<string, string>,
): Promise<Problem | undefined> {
  const draft = draftOf(list)
  drafts.set(list, draft)
  try {
    await makeFolder(dirname(list))
    await writeFile(draft, content.list, { flag: 'wx', flush: true })
    return undefined
  } catch (error) {
    return fileProblem('unwritable', list, error)
  }
}

/** True for lists that a killed run was making: at least one is not finished. */
export async function isUnfinishedSet(lists: readonly string[]): Promise<boolean> {
  return (await Promise.all(lists.map(isUnfinished))).includes(true)
}

/** True for a list that has a second name as a draft of a process that is gone. */
async function isUnfinished(list: string): Promise<boolean> {
  const numberOf = (path: string) =>
    lstat(path).then(
      ({ ino }) => ino,
      () => undefined,
    )
  const own = await numberOf(list)
  const drafts = await Promise.all((await staleDrafts(list)).map(numberOf))
  return own !== undefined && drafts.includes(own)
}

async function createOne(
  list: string,
  content: WhitelistContent,
  draft: string,
): Promise<Problem | undefined> {
  const { types, layouts, baseline } = whitelistFiles(list)
  return (
    (await existingWhitelist(list)) ??
    ((await isUnfinished(list)) ? await remove(list) : undefined) ??
    (content.types ? undefined : await remove(types)) ??
    (content.layouts ? undefined : await remove(layouts)) ??
    (content.baseline === undefined ? await remove(baseline) : undefined) ??
    (await writeBeside(list, content)) ??
    (await nameDraft(draft, list))
  )
}

async function nameDraft(draft: string, list: string): Promise<Problem | undefined> {
  try {
    await link(draft, list)
    return undefined
  } catch (error) {
    return fileProblem('unwritable', list, error)
  }
}

/**
 * Writes a whitelist: types, baseline, then the list, each as a whole. So an interruption leaves an old list beside new
 * types, which the next check of the list notices and the next update mends. What holds the same already is not touched.
 */
export async function updateWhitelist(list: string, content: WhitelistContent): Promise<Problem | undefined> {
  return (await writeBeside(list, content)) ?? (await writeIfOther(list, content.list))
}

/** Writes what stands beside a list, each file as a whole, and not the list. */
export async function writeBeside(
  list: string,
  { types, layouts, baseline }: Omit<WhitelistContent, 'list'>,
): Promise<Problem | undefined> {
  const files = whitelistFiles(list)
  return (
    (types && (await writePacked(files.types, types))) ??
    (layouts && (await writePacked(files.layouts, layouts))) ??
    (baseline === undefined ? undefined : await writeIfOther(files.baseline, baseline))
  )
}

/** Packing depends on the version of zlib: what counts is the content. */
async function writePacked(path: string, content: Uint8Array): Promise<Problem | undefined> {
  if (await holds(path, content)) return undefined
  return writeFileSafely(path, await promisify(gzip)(content, { level: 9 }))
}

async function writeIfOther(path: string, text: string): Promise<Problem | undefined> {
  return (await holds(path, new TextEncoder().encode(text))) ? undefined : writeFileSafely(path, text)
}

async function holds(path: string, content: Uint8Array): Promise<boolean> {
  const { value, problems } = await readBytes(path)
  return problems.length === 0 && equalBytes(value, content)
}

/** False only when nothing has this name; whoever opens what cannot be looked at will tell. */
export async function mayExist(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')
  }
}

async function remove(path: string): Promise<Problem | undefined> {
  try {
    await rm(path, { force: true })
    return undefined
  } catch (error) {
    return fileProblem('unwritable', path, error)
  }
}
