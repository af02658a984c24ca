import { isDeepStrictEqual } from 'node:util'
import type { From, Layouts } from '../../abi/layouts/layout.ts'
import type { EnabledObject } from '../exports/enabled-object.ts'
import type { Stopped } from '../exports/run-program.ts'
import { mapConcurrently } from '../../processes/map-concurrently.ts'
import { gatherLayouts, type Gathering, type Names } from './gather-layouts.ts'
import type { Probed } from './probe-object.ts'

/** An object with what its exports reach. */
export interface ReachingObject {
  readonly object: EnabledObject
  /** Types that are complete for genksyms, such as `s#device`. */
  readonly types: ReadonlySet<string>
  readonly symbols: readonly string[]
}

/** Asks an object about types and symbols. */
export type Probe = (object: EnabledObject, asked: Names) => Promise<Probed | Stopped>

/** How objects are looked into. */
export interface Looking {
  readonly probe: Probe
  /** Asks an object together with the headers that objects read; absent where each is to be asked alone. */
  readonly headers?: Probe | undefined
  /** Objects at once. */
  readonly jobs: number
  readonly onProgress: (done: number, total: number) => void
}

/** What was found; all else is in the layouts as unknown. */
export interface FoundLayouts {
  readonly kind: 'found'
  readonly layouts: Layouts
  /** Objects that could not be compiled, and what only they have, which is unknown. */
  readonly failures: readonly LayoutFailure[]
  readonly lost: readonly string[]
}

/** An object that could not be compiled without its bodies. */
export interface LayoutFailure {
  readonly kind: 'failed' | 'interrupted'
  readonly object: string
  readonly why: string
  readonly stderr: readonly string[]
}

/**
 * Finds the layouts of all types that some objects reach, and what their symbols are, from as few of the objects as it takes.
 * Objects that were looked into have to agree about a type. An object that cannot be compiled says nothing; what only such objects
 * have is not known. Equal objects in equal order give equal layouts.
 * @returns the first failure where no object could be compiled
 */
export async function findLayouts(
  objects: readonly ReachingObject[],
  looking: Looking,
): Promise<FoundLayouts | LayoutFailure> {
  const gathering = gatherLayouts(namesOf(objects))
  const { open } = gathering
  const waiting = new Set(objects)
  const failures: LayoutFailure[] = []
  const { onProgress } = looking
  for (let some = nextOf(waiting, open); some.length > 0; some = nextOf(waiting, open)) {
    const asked = new Map(some.map((one) => [one, withOwn(open, one)]))
    const stopped = await gatherFrom(asked, looking, { gathering, failures })
    if (stopped) return stopped
    const done = gathering.objects.length + failures.length
    onProgress(done, done + [...waiting].filter((one) => worthOf(one, open) > 0).length)
  }
  const [first] = failures
  if (first && gathering.objects.length === 0) return first
  const unknown = [...whyUnknown(open, objects, failures)].filter(
    ([name, why]) => why !== nowhere || isType(name),
  )
  return { kind: 'found', layouts: gathering.end(new Map(unknown)), failures, lost: lostAmong(unknown) }
}

/** What some object reaches that could not be compiled. */
function lostAmong(unknown: Iterable<readonly [name: string, why: string]>): readonly string[] {
  return [...unknown].flatMap(([name, why]) => (why === nowhere ? [] : [name]))
}

function isType(name: string): boolean {
  return name.includes('#')
}

/**
 * Finds the layouts that a release had, in a later state of its kernel: first in the headers that objects read, which are believed
 * only where nothing changed; then in the objects that the rest came from, then in others that reach what is left. A name that
 * nothing reaches any more is left out. An object that cannot be compiled says nothing; what only such objects have is not known.
 * @param objects with a function that tells what they reach
 */
export async function findReleasedLayouts(
  released: Layouts,
  objects: readonly LazyObject[],
  looking: Looking,
): Promise<FoundLayouts | LayoutFailure> {
  const exported = new Set(objects.flatMap(({ symbols }) => symbols))
  const names = {
    types: new Set(released.types.keys()),
    symbols: new Set([...released.symbols.keys()].filter((symbol) => exported.has(symbol))),
  }
  const gathering = gatherLayouts(names)
  const ended = await askHeaders(released, objects, { looking, names, gathering })
  if (ended) return ended
  const failures: LayoutFailure[] = []
  const parts = partsOf(released, gathering.open)
  const expected = gathering.objects.length + parts.size
  const take = async (asked: ReadonlyMap<ReachingObject, Names>): Promise<LayoutFailure | undefined> => {
    const stopped = await gatherFrom(asked, looking, { gathering, failures })
    if (stopped) return stopped
    const done = gathering.objects.length + failures.length
    looking.onProgress(done, Math.max(done, expected))
    return undefined
  }

  const first = new Map<ReachingObject, Names>()
  const others: LazyObject[] = []
  for (const one of objects) {
    const part = parts.get(one.object.object)
    if (part) first.set(within(await opened(one), names), part)
    else others.push(one)
  }
  const reaching = [...first.keys()]
  const stopped = await take(new Map([...first].map(([one, part]) => [one, withOwn(part, one)])))
  if (stopped) return stopped

  const { open } = gathering
  const isOpen = () => open.symbols.size > 0 || [...open.types].some((name) => !name.startsWith('t#'))
  if (isOpen()) {
    const rest = []
    for (const one of others) rest.push(within(await opened(one), names))
    reaching.push(...rest)
    const waiting = new Set(rest)
    for (let some = nextOf(waiting, open); some.length > 0; some = nextOf(waiting, open)) {
      const ended = await take(new Map(some.map((one) => [one, withOwn(open, one)])))
      if (ended) return ended
    }
  }
  const unknown = whyUnknown(open, reaching, failures)
  return { kind: 'found', layouts: gathering.end(unknown), failures, lost: lostAmong(unknown) }
}

/** Takes from the headers behind the first object of a release what they have as the release had it. */
async function askHeaders(
  released: Layouts,
  objects: readonly LazyObject[],
  to: { readonly looking: Looking; readonly names: Names; readonly gathering: Gathering },
): Promise<LayoutFailure | undefined> {
  const first = objects.find(({ object }) => object.object === released.objects[0])
  if (!first) return undefined
  const answer = await to.looking.headers?.(first.object, to.names)
  if (answer?.kind === 'interrupted') return failureOf(first.object, answer)
  if (answer?.kind === 'probed') to.gathering.add(first.object.object, unchangedOf(answer, released))
  return undefined
}

/** An object whose types are read when somebody asks. */
export interface LazyObject extends Omit<ReachingObject, 'types'> {
  readonly types: () => Promise<ReadonlySet<string>>
}

async function opened({ object, symbols, types }: LazyObject): Promise<ReachingObject> {
  return { object, symbols, types: await types() }
}

const nowhere = 'no object that reaches it has it complete'

/**
 * What is reached and was not found; what nothing reaches is no part of what is promised any more. A typedef of a type with a name of
 * its own has no layout of its own.
 */
function whyUnknown(
  open: Names,
  objects: readonly ReachingObject[],
  failures: readonly LayoutFailure[],
): ReadonlyMap<string, string> {
  const unknown = new Map<string, string>()
  const whyOf = new Map(failures.map((failure) => [failure.object, failure.why]))
  for (const { object, types, symbols } of objects) {
    const failed = whyOf.get(object.object)
    const why =
      failed === undefined ? nowhere : `${object.object} could not be compiled for its types: ${failed}`
    const lost = [...types].filter((name) => open.types.has(name) && !name.startsWith('t#'))
    for (const name of [...lost, ...symbols.filter((symbol) => open.symbols.has(symbol))])
      if (failed !== undefined || !unknown.has(name)) unknown.set(name, why)
  }
  return unknown
}

/** What an object says where it is what a release had. */
function unchangedOf(probed: Probed, released: Layouts): Probed {
  const same = <Value>(found: ReadonlyMap<string, Value>, had: ReadonlyMap<string, From<Value>>) =>
    new Map([...found].filter(([name, value]) => isDeepStrictEqual(value, had.get(name)?.value)))
  const isSame = probed.pointer === released.pointer
  return {
    ...probed,
    types: isSame ? same(probed.types, released.types) : new Map(),
    symbols: isSame ? same(probed.symbols, released.symbols) : new Map(),
    unclear: new Set(),
    aliases: new Set(),
  }
}

/** By object, what came from it and is open; objects with nothing open are left out. */
function partsOf({ objects, types, symbols }: Layouts, open: Names): ReadonlyMap<string, Names> {
  const parts = new Map<string, { readonly types: Set<string>; readonly symbols: Set<string> }>()
  const partOf = (object: number) => {
    const name = objects[object] ?? ''
    const part = parts.get(name) ?? { types: new Set(), symbols: new Set() }
    parts.set(name, part)
    return part
  }
  for (const [name, { object }] of types) if (open.types.has(name)) partOf(object).types.add(name)
  for (const [name, { object }] of symbols) if (open.symbols.has(name)) partOf(object).symbols.add(name)
  return parts
}

function within({ object, types, symbols }: ReachingObject, names: Names): ReachingObject {
  return {
    object,
    types: new Set([...types].filter((name) => names.types.has(name))),
    symbols: symbols.filter((symbol) => names.symbols.has(symbol)),
  }
}

function namesOf(objects: readonly ReachingObject[]): Names {
  return {
    types: new Set(objects.flatMap(({ types }) => [...types])),
    symbols: new Set(objects.flatMap(({ symbols }) => symbols)),
  }
}

/** What is asked of an object: some names and what it reaches itself, so that objects that disagree are noticed. */
function withOwn({ types, symbols }: Names, own: ReachingObject): Names {
  return { types: new Set([...types, ...own.types]), symbols: new Set([...symbols, ...own.symbols]) }
}

function lookInto(
  asked: ReadonlyMap<ReachingObject, Names>,
  { probe, jobs }: Looking,
): Promise<readonly (readonly [ReachingObject, Probed | Stopped])[]> {
  return mapConcurrently(
    [...asked],
    jobs,
    async ([one, names]) => [one, await probe(one.object, names)] as const,
  )
}

/** Looks into objects, and takes what they say. */
async function gatherFrom(
  asked: ReadonlyMap<ReachingObject, Names>,
  looking: Looking,
  to: { readonly gathering: Gathering; readonly failures: LayoutFailure[] },
): Promise<LayoutFailure | undefined> {
  for (const [{ object }, result] of await lookInto(asked, looking)) {
    if (result.kind === 'interrupted') return failureOf(object, result)
    if (result.kind === 'failed') to.failures.push(failureOf(object, result))
    else to.gathering.add(object.object, result)
  }
  return undefined
}

function failureOf({ object }: EnabledObject, stopped: Stopped): LayoutFailure {
  return stopped.kind === 'interrupted'
    ? { kind: 'interrupted', object, why: 'it was stopped', stderr: [] }
    : { ...stopped, object }
}

/** Objects that are chosen without knowing what the others hold; on every machine as many, so that all choose the same. */
const perRound = 4

/**
 * Takes objects one after the other that add most to what those before hold out of those that wait; none where nothing more is
 * to be had.
 */
function nextOf(waiting: Set<ReachingObject>, { types, symbols }: Names): readonly ReachingObject[] {
  const open = { types: new Set(types), symbols: new Set(symbols) }
  const chosen: ReachingObject[] = []
  while (chosen.length < perRound) {
    let best: ReachingObject | undefined
    let bestWorth = 0
    for (const one of waiting) {
      const worth = worthOf(one, open)
      if (worth > bestWorth) [best, bestWorth] = [one, worth]
    }
    if (!best) break
    chosen.push(best)
    waiting.delete(best)
    for (const name of best.types) open.types.delete(name)
    for (const name of best.symbols) open.symbols.delete(name)
  }
  return chosen
}

/** How much of what is open an object has. A typedef alone is no reason to look into one: it may name what has a name. */
function worthOf({ types, symbols }: ReachingObject, open: Names): number {
  let worth = 0
  for (const name of types) if (open.types.has(name) && !name.startsWith('t#')) worth++
  for (const name of symbols) if (open.symbols.has(name)) worth++
  return worth
}
