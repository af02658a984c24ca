import { setImmediate } from 'node:timers/promises'
import type { SourcePlace } from '../../abi/cause.ts'
import { declarationsOf, type Declaration } from './declarations.ts'
import { groupBy } from '../../abi/group-by.ts'
import { definedBy, type IsDefined, type Reader } from './live-tokens.ts'
import type { SourceTexts } from './source-texts.ts'

/** A definition to look for. */
export interface WantedDefinition {
  /** As genksyms writes it: `s#device`, `t#u8`, `E#RED`; the bare name of an export. */
  readonly name: string
  /** Its tokens as genksyms wrote them; where several definitions have the name, the most similar is taken. */
  readonly text?: string
  /** What the objects concerned were made of: absolute paths, a file before those that are included after it. */
  readonly files: readonly string[]
}

export interface FoundDefinition {
  readonly place: SourcePlace
  /** Where a change of it may stand: for an enumerator, its enumeration up to it; else its own lines. */
  readonly scope: SourcePlace
}

/** Files to look through before other work gets a turn. */
const atOnce = 50

/**
 * Finds definitions in a kernel tree. Each file is read once and looked through once for all names.
 * @param reader whose definitions they are
 * @returns by name; without those that were not found, and those of which two places are equally likely
 */
export async function findDefinitions(
  sources: SourceTexts,
  wanted: readonly WantedDefinition[],
  reader: Reader = 'genksyms',
): Promise<ReadonlyMap<string, FoundDefinition>> {
  const found = new Map<string, FoundDefinition>()
  const byConfiguration = groupBy(wanted, ({ files }) => files.find((file) => file.endsWith(autoconf)))
  for (const [configuration, some] of byConfiguration) {
    const options = configuration === undefined ? undefined : sources.text(configuration)
    const isDefined = definedBy(options, reader)
    const candidates = await findCandidates(sources, some, isDefined)
    for (const one of some) {
      const best = bestOf(one, candidates.get(one.name) ?? new Map())
      if (!best) continue
      const file = sources.shown(best.file)
      const { line, endLine, scope } = best.declaration
      found.set(one.name, { place: { file, line, endLine }, scope: { file, ...scope } })
    }
  }
  return found
}

/** Every object of a kernel includes it, and so tells its configuration. */
const autoconf = '/include/generated/autoconf.h'

/** By name and file. */
type Candidates = ReadonlyMap<string, ReadonlyMap<string, readonly Declaration[]>>

async function findCandidates(
  sources: SourceTexts,
  wanted: readonly WantedDefinition[],
  isDefined: IsDefined,
): Promise<Candidates> {
  const namesIn = new Map<string, Set<string>>()
  for (const { name, files } of wanted) {
    for (const file of files) {
      const names = namesIn.get(file)
      if (names) names.add(name)
      else namesIn.set(file, new Set([name]))
    }
  }
  const words = groupBy(new Set(wanted.map(({ name }) => name)), wordOf)
  const anyWord = new RegExp(String.raw`\b(?:${[...words.keys()].map(escaped).join('|')})\b`, 'g')
  const candidates = new Map<string, Map<string, readonly Declaration[]>>()
  let count = 0
  for (const [file, names] of namesIn) {
    if (++count % atOnce === 0) await setImmediate()
    const text = sources.text(file)
    if (text === undefined) continue
    const present = new Set([...text.matchAll(anyWord)].flatMap(([word]) => words.get(word) ?? []))
    const here = new Set([...names].filter((name) => present.has(name) && mayDeclare(text, name)))
    if (here.size === 0) continue
    for (const [name, declarations] of groupBy(declarationsOf(text, here, isDefined), ({ name }) => name)) {
      const byFile = candidates.get(name) ?? new Map<string, readonly Declaration[]>()
      candidates.set(name, byFile.set(file, declarations))
    }
  }
  return candidates
}

/** A quick look, before a file is looked through properly: most files that use a name do not declare it. */
function mayDeclare(text: string, name: string): boolean {
  const word = String.raw`\b${escaped(wordOf(name))}\b`
  if (/^[sue]#/.test(name)) return new RegExp(String.raw`${word}[^;{}=*,]*\{`).test(text)
  const declared = new RegExp(String.raw`${word}(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:[;,[(=)}:/\\]|__)`)
  return (!name.startsWith('t#') || text.includes('typedef')) && declared.test(text)
}

interface Candidate {
  readonly file: string
  readonly declaration: Declaration
}

function bestOf(
  { name, text, files }: WantedDefinition,
  candidates: ReadonlyMap<string, readonly Declaration[]>,
): Candidate | undefined {
  // genksyms takes what it reads first, and a source file's own text comes after what it includes at its top.
  const order = new Set([...files.filter((file) => !isSource(file)), ...files.filter(isSource)])
  const all = [...order].flatMap((file) =>
    (candidates.get(file) ?? []).map((declaration): Candidate => ({ file, declaration })),
  )
  const likely = text === undefined || all.length < 2 ? all : mostSimilar(text, all)
  const [first, second] = name.includes('#') ? likely : likely.filter(({ file }) => file === likely[0]?.file)
  return second === undefined ? first : undefined
}

function mostSimilar(text: string, candidates: readonly Candidate[]): readonly Candidate[] {
  const wanted = new Set(text.match(/\w+/g))
  const similarity = ({ declaration: { words } }: Candidate): number => {
    const common = [...words].filter((word) => wanted.has(word)).length
    return common / (wanted.size + words.size - common)
  }
  const scores = candidates.map(similarity)
  const best = Math.max(...scores)
  return candidates.filter((_, index) => scores[index] === best)
}

function isSource(file: string): boolean {
  return /\.[cS]$/.test(file)
}

function wordOf(name: string): string {
  return name.slice(name.indexOf('#') + 1)
}

function escaped(word: string): string {
  return word.replace(/[^\w]/g, String.raw`\$&`)
}
