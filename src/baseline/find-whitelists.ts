import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { listsBelow, variantNames } from '../config/find-lists.ts'
import { variantName } from '../config/variant-name.ts'
import type { WhitelistSource } from '../config/plan.ts'
import { errorCode, fileProblem } from '../io/file-problem.ts'
import { findWhitelist, withChecksums } from './find-whitelist.ts'

/** A whitelist, and the variant whose it is by its name. */
export interface NamedWhitelist {
  readonly variant: string
  readonly source: WhitelistSource
}

/** What a path holds: one whitelist, or a folder of whitelists. */
export type FoundWhitelists = OneWhitelist | FolderOfWhitelists

export interface OneWhitelist {
  readonly kind: 'one'
  /** Undefined when the name tells none. */
  readonly variant: string | undefined
  readonly source: WhitelistSource
}

interface FolderOfWhitelists {
  readonly kind: 'folder'
  /** Sorted by variant. */
  readonly whitelists: readonly NamedWhitelist[]
  /** Names in the folder that belong to none of them. */
  readonly others: readonly string[]
}

/**
 * Finds the whitelists of every variant at a path, under the names that distributions use (docs/formats.md): in a
 * folder, or the path itself, a file or a folder with one file for each symbol. `ARCH/symvers-FLAVOUR` is the variant
 * `ARCH-FLAVOUR`, because one flavour has many architectures. In a folder without any, the layouts of whole trees and of their
 * folders are tried (`config/layouts.ts`).
 *
 * Problems, with an undefined value: `unreadable`; `no-whitelist` for a folder without any.
 */
export async function findWhitelists(path: string): Promise<Read<FoundWhitelists | undefined>> {
  try {
    if (!(await stat(path)).isDirectory()) return { value: await oneFile(path), problems: [] }
    const { value: found, problems } = await inFolder(path)
    if (problems.length > 0) return { value: undefined, problems }
    if (found.whitelists.length > 0) return { value: found, problems: [] }
    const laidOut = await inLayouts(path, found.others)
    if (laidOut) return { value: laidOut, problems: [] }
    const variant = nameIn(symbolFolder, basename(path))
    if (variant !== undefined) return { value: { kind: 'one', variant, source: { path } }, problems: [] }
    return { value: undefined, problems: [noWhitelists(path, found.others)] }
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return { value: undefined, problems: [fileProblem('unreadable', path, error)] }
  }
}

/** The names of a list in a folder of its variant. */
export const ownLists: readonly string[] = ['kabi_whitelist', 'kabi_stablelist']

/** `kabi_whitelist_x86_64`, `Module.kabi_x86_64`. */
const listFile = /^(?:kabi_(?:white|stable|locked)list|Module\.kabi)_(.+)$/

/** Further lists of RHEL 6 and 7 beside a variant's: what is only watched, and what driver updates rely on. */
const sideList = /^Module\.kabi_(?:greylist|dup)_/

const symversFile = /^symvers-(.+)$/
const symbolFolder = /^kabi_(.+)$/

/** The variant whose whitelist a file is by its name; undefined when the name tells none. */
export function variantOfFile(path: string): string | undefined {
  const name = basename(path)
  if (ownLists.includes(name)) return validName(basename(dirname(path)))
  return sideList.test(name) ? undefined : (nameIn(listFile, name) ?? nameIn(symversFile, name))
}

function nameIn(pattern: RegExp, name: string): string | undefined {
  return validName(pattern.exec(name)?.[1])
}

function validName(name: string | undefined): string | undefined {
  return name !== undefined && variantName.test(name) ? name : undefined
}

async function oneFile(path: string): Promise<FoundWhitelists> {
  const variant = variantOfFile(path)
  const beside = variant === undefined ? undefined : join(dirname(path), `Module.kabi_${variant}`)
  return { kind: 'one', variant, source: await withChecksums(path, beside) }
}

async function inFolder(folder: string): Promise<Read<FolderOfWhitelists>> {
  const found = new Map<string, WhitelistSource>()
  const others: string[] = []
  const problems: Problem[] = []
  for (const name of (await readdir(folder)).sort()) {
    const { value: claims, problems: unseen } = await claimsOf(folder, name)
    problems.push(...unseen)
    for (const { variant, path } of claims) {
      if (found.has(variant)) continue
      const place =
        path === undefined
          ? await findWhitelist({ folder, variant, arch: variant })
          : { value: { path }, problems: [] }
      if (place.value) found.set(variant, place.value)
      problems.push(...place.problems)
    }
    if (claims.length === 0) others.push(name)
  }
  const whitelists = [...found].map(([variant, source]) => ({ variant, source }))
  whitelists.sort((a, b) => (a.variant < b.variant ? -1 : 1))
  return { value: { kind: 'folder', whitelists, others }, problems }
}

/** The lists of a tree, or of a folder of one, where each lies where its distribution keeps it. */
async function inLayouts(folder: string, names: readonly string[]): Promise<FolderOfWhitelists | undefined> {
  const lists = await listsBelow(folder)
  if (lists.length === 0) return undefined
  const nameOf = variantNames(lists.map(({ match }) => match))
  const whitelists = new Map<string, WhitelistSource>()
  for (const { match, checksums } of lists) {
    const beside = checksums === undefined ? undefined : join(folder, checksums)
    if (!whitelists.has(nameOf(match)))
      whitelists.set(nameOf(match), await withChecksums(join(folder, match.path), beside))
  }
  const used = new Set(lists.map(({ match }) => match.path.split('/')[0]))
  return {
    kind: 'folder',
    whitelists: [...whitelists]
      .map(([variant, source]) => ({ variant, source }))
      .sort((a, b) => (a.variant < b.variant ? -1 : 1)),
    others: names.filter((name) => !used.has(name)),
  }
}

/** A variant that has a whitelist in a folder; without a path, in one of the places that `findWhitelist` tries. */
interface Claim {
  readonly variant: string
  readonly path?: string
}

/** The variants that an entry of a folder tells of. */
async function claimsOf(folder: string, name: string): Promise<Read<readonly Claim[]>> {
  const path = join(folder, name)
  const { value: inside, problems } = await entriesOf(path)
  const claims = inside ? claimsOfFolder(name, inside, path) : claimsOfFile(name, path)
  return { value: claims.filter(({ variant }) => variantName.test(variant)), problems }
}

function claimsOfFile(name: string, path: string): readonly Claim[] {
  const variant = variantOfFile(path)
  if (variant === undefined) return []
  return [listFile.test(name) ? { variant } : { variant, path }]
}

function claimsOfFolder(name: string, inside: readonly string[], path: string): readonly Claim[] {
  const symbolFolders = name === 'kabi-module' ? inside : [name]
  return [
    ...(ownLists.some((list) => inside.includes(list)) ? [{ variant: name }] : []),
    ...symbolFolders.flatMap((folder) => {
      const variant = nameIn(symbolFolder, folder)
      return variant === undefined ? [] : [{ variant }]
    }),
    ...inside.flatMap((file) => {
      const flavour = nameIn(symversFile, file)
      return flavour === undefined ? [] : [{ variant: `${name}-${flavour}`, path: join(path, file) }]
    }),
  ]
}

/** What is in a folder; undefined for anything else. */
async function entriesOf(path: string): Promise<Read<readonly string[] | undefined>> {
  try {
    return { value: (await readdir(path)).sort(), problems: [] }
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    const file = code === 'ENOTDIR' || code === 'ENOENT'
    return { value: undefined, problems: file ? [] : [fileProblem('unreadable', path, error)] }
  }
}

/** Names in a folder that a problem shows. */
const mostShown = 20

function noWhitelists(folder: string, names: readonly string[]): Problem {
  const left = names.length - mostShown
  return {
    kind: 'no-whitelist',
    message: `No whitelist under a known name in ${quote(folder)}.`,
    place: { file: folder },
    excerpt: [
      ...names.slice(0, mostShown).map((name) => 'found ' + name),
      ...(left > 0 ? [`and ${left} more`] : []),
    ],
    advice: 'Name the whitelist’s file itself. The names known are in docs/formats.md.',
  }
}
