import { layouts, type Layout, type ListPlace } from './layouts.ts'
import { folderOf, foldersOf, matchPattern, sameVariant, type Folders, type Match } from './match-pattern.ts'

/** A list that a layout has for a variant. */
export interface FoundList {
  readonly who: string
  readonly match: Match
  /** Checksums beside a list of names, relative like it. */
  readonly checksums: string | undefined
  readonly kind: ListPlace['kind']
}

/**
 * The lists of a tree, or of a package's folder, in every layout that is known. Of several for one variant the first of the first
 * layout counts.
 */
export async function listsIn(folders: Folders): Promise<readonly FoundList[]> {
  return findLists(folders, layouts)
}

/**
 * The lists of a folder somewhere in such a tree: `uek-rpm/ol9`, `debian.master/abi`. A pattern counts from each of its folders
 * on, as long as what is left tells the architecture.
 */
export async function listsBelow(folder: string): Promise<readonly FoundList[]> {
  const partial = layouts.map(({ lists, ...layout }) => ({
    ...layout,
    lists: lists.flatMap((place) => tails(place)),
  }))
  return findLists(foldersOf(folder), partial)
}

function tails(place: ListPlace): readonly ListPlace[] {
  const segments = place.path.split(/(?<=[^/]\/)(?=.)/)
  return segments.flatMap((_, index) => {
    const cut = segments.slice(0, index).join('').length
    const path = place.path.slice(cut)
    if (place.arch === undefined && !/\{(arch|variant)\}/.test(path)) return []
    const { checksums } = place
    return [{ ...place, path, ...(checksums === undefined ? {} : { checksums: checksums.slice(cut) }) }]
  })
}

async function findLists(folders: Folders, from: readonly Layout[]): Promise<readonly FoundList[]> {
  const found: FoundList[] = []
  for (const { who, lists } of from) {
    for (const { path, arch, checksums, kind } of lists) {
      const sums = checksums === undefined ? [] : await matchPattern(folders, checksums)
      for (const match of await matchPattern(folders, path, arch)) {
        const known = found.some(
          (one) => one.match.path === match.path || (kind !== 'symbols' && sameVariant(one.match, match)),
        )
        if (known) continue
        const beside = sums.find((one) => sameVariant(one, match) && folderOf(one) === folderOf(match))
        found.push({ who, match, checksums: beside?.path, kind })
      }
    }
  }
  return found
}

/** What to call a variant: with the release of the distribution in front, where a tree has several. */
export function variantNames(matches: readonly Match[]): (match: Match) => string {
  const several = new Set(matches.map(({ release }) => release)).size > 1
  return ({ release, variant }) => (several && release !== '' ? `${release}-${variant}` : variant)
}
