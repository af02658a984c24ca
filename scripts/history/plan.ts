import { randomFrom, type Random } from '../mutate/random.ts'
import type { BreakingPart } from './breaking-parts.ts'
import type { Part } from './parts.ts'

/** How long a history is, and what is in it. */
export interface Size {
  readonly commits: number
  /** Breaks that are there at the end. */
  readonly breaks: number
  /** Breaks that a later commit takes back. */
  readonly repaired: number
}

/** A commit that is to be made; its number counts from 1 in an order in which parents come first. */
export interface PlannedCommit {
  readonly subject: string
  /** Numbers of the parents; 0 is the older tree. */
  readonly parents: readonly number[]
  readonly brings: readonly Part[]
  readonly takesBack: readonly Part[]
  /** Why nobody can look at it. */
  readonly configures: boolean
}

/** A break, the commit that makes it, and the one that takes it back. */
export interface PlannedBreak {
  readonly part: BreakingPart
  readonly commit: number
  readonly repairedBy?: number
}

/** A history and what is true about it. */
export interface Plan {
  readonly commits: readonly PlannedCommit[]
  readonly breaks: readonly PlannedBreak[]
  /** The commit that merges the side branch. */
  readonly merge: number
}

/** Where the parts of a history have their places. */
interface Layout {
  /** Does not configure; it is the first that a bisection looks at. */
  readonly broken: number
  /** The first of the commits of the side branch. */
  readonly side: number
  readonly sideLength: number
  readonly merge: number
}

/**
 * Deals what two trees have different out over the commits of a history. The seed decides what breaks, where it does, which
 * breaks are taken back, where the side branch is, and what else each commit has.
 */
export function planHistory(
  seed: string,
  size: Size,
  breaking: readonly BreakingPart[],
  harmless: readonly Part[],
): Plan {
  const random = randomFrom(`history ${seed}`)
  const layout = layOut(size, random)
  const breaks = dealBreaks(size, layout, random, breaking)
  const fillings = fill(size.commits, random, harmless)
  const commits = Array.from({ length: size.commits }, (_, at): PlannedCommit => {
    const number = at + 1
    const broken = number === layout.broken
    const made = breaks.filter(({ commit }) => commit === number).map(({ part }) => part)
    const repaired = breaks.filter(({ repairedBy }) => repairedBy === number).map(({ part }) => part)
    const filling = number === layout.merge ? [] : (fillings[at] ?? [])
    const back = number === layout.broken + 1 ? [unendedKconfig] : []
    return {
      subject: subjectOf({ number, layout, made, repaired, filling }),
      parents: parentsOf(number, layout),
      brings: [...made, ...filling, ...(broken ? [unendedKconfig] : [])],
      takesBack: [...repaired, ...back],
      configures: !broken,
    }
  })
  return { commits, breaks, merge: layout.merge }
}

/** A condition that nothing ends: no kernel is configured with it. */
const unendedKconfig: Part = {
  file: 'init/Kconfig',
  hunks: [{ after: 0, removed: [], added: ['if MODULES'] }],
}

/** The side branch lies wholly in one half, so that exactly half of the commits come before the one in the middle. */
function layOut({ commits }: Size, random: Random): Layout {
  if (commits % 2 !== 0 || commits < 12)
    throw new Error('a history has an even number of commits, 12 or more')
  const sideLength = commits >= 40 ? 3 : 2
  const broken = commits / 2
  const length = 2 * sideLength + 1
  const places = Array.from({ length: commits - length }, (_, at) => at + 2)
  const side = random.pick(places.filter((at) => at + length <= broken || at > broken + 1))
  return { broken, side, sideLength, merge: side + length - 1 }
}

function parentsOf(number: number, { side, sideLength, merge }: Layout): readonly number[] {
  // Main goes on where the side branch left it.
  if (number === side + sideLength) return [side - 1]
  return number === merge ? [merge - 1, side + sideLength - 1] : [number - 1]
}

function dealBreaks(
  { commits, breaks, repaired }: Size,
  { broken, side, sideLength, merge }: Layout,
  random: Random,
  breaking: readonly BreakingPart[],
): readonly PlannedBreak[] {
  const parts = random.shuffled(breaking).slice(0, breaks + repaired)
  if (parts.length < breaks + repaired) throw new Error(`only ${parts.length} changes break one thing alone`)
  const free = Array.from({ length: commits - 1 }, (_, at) => at + 2)
  const onMain = random.shuffled(
    free.filter((at) => at !== broken && at !== broken + 1 && (at < side || at > merge)),
  )
  const needed = breaks - 1 + 2 * repaired
  if (onMain.length < needed) throw new Error(`${commits} commits are too few for ${parts.length} breaks`)
  return parts.map((part, at) => {
    if (at === 0) return { part, commit: side + random.below(sideLength) }
    if (at < breaks) return { part, commit: onMain[at - 1] ?? 0 }
    const from = breaks - 1 + 2 * (at - breaks)
    const [commit = 0, repairedBy = 0] = onMain.slice(from, from + 2).sort((one, other) => one - other)
    return { part, commit, repairedBy }
  })
}

/** Deals files out by their folder: new headers first, and every commit has some. */
function fill(commits: number, random: Random, harmless: readonly Part[]): readonly (readonly Part[])[] {
  const isHeader = ({ whole, file }: Part): boolean => whole === 'new' && file.endsWith('.h')
  const folders = new Map<string, Part[]>()
  for (const part of harmless.filter((one) => !isHeader(one))) {
    const folder = part.file.split('/').slice(0, 2).join('/')
    folders.set(folder, [...(folders.get(folder) ?? []), part])
  }
  // A folder with many files goes into many commits.
  const groups = [...folders.values()].flatMap((parts) =>
    Array.from({ length: Math.ceil(parts.length / 30) }, (_, at) => parts.slice(at * 30, at * 30 + 30)),
  )
  const dealt: Part[][] = [harmless.filter(isHeader)]
  random.shuffled(groups).forEach((group, at) => {
    const to = 1 + (at % (commits - 1))
    dealt[to] = [...(dealt[to] ?? []), ...group]
  })
  return dealt
}

interface Contents {
  readonly number: number
  readonly layout: Layout
  readonly made: readonly BreakingPart[]
  readonly repaired: readonly BreakingPart[]
  readonly filling: readonly Part[]
}

/** What the commit says of itself; the truth about it is not read from this. */
function subjectOf({ number, layout, made, repaired, filling }: Contents): string {
  if (number === layout.merge) return 'Merge branch side'
  if (number === layout.broken) return 'init: begin a condition'
  if (number === layout.broken + 1) return 'init: end no condition'
  const [broken] = made
  const [back] = repaired
  if (broken) return `${broken.file}: take over what changed`
  if (back) return `${back.file}: go back to what was`
  return `Take over ${filling.length} files, ${filling[0]?.file ?? 'none'} first`
}
