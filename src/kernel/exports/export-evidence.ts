import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { readTreeFile } from '../../io/read-tree-file.ts'
import { withoutAssemblerMacros } from './assembler-macros.ts'
import type { ListedObject } from './dry-run-reader.ts'
import { withoutComments } from './export-scan.ts'
import { exporting, madeNames, type Macros } from './made-names.ts'
import { isWord, macroOfLine, type Macro } from './macro-text.ts'
import type { PossibleExporter, PossibleExporters } from './possible-exporters.ts'

/** Headers above this size hold the registers of a device. */
const largestHeader = 256 * 1024

const betweenPauses = 32

/** Definitions of one name that are followed; a name that has more of them means something else in each file. */
const mostDefinitions = 8

/**
 * Gathers evidence of who exports what: the names that come out where the macros which a file uses are replaced, its own, those
 * of headers, and those with which it goes through a list in a file that it includes. Nothing is proven by it: conditions are not
 * looked at, and what is not understood makes no names.
 * @param signal ends it early, with what was found so far
 * @returns by name, the objects whose text makes it
 */
export async function exportEvidence(
  { objects, scanned, included }: PossibleExporters,
  output: string,
  wanted: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly ListedObject[]>> {
  const files = fileReader()
  const shared = sharedMacros(scanned)
  const found = new Map<string, ListedObject[]>()
  for (const [at, one] of objects.entries()) {
    // A kernel takes a minute: who ends the run waits for none of it.
    if (at % betweenPauses === 0) await setImmediate()
    if (signal?.aborted) break
    for (const name of namesOf(one, resolve(output, one.object.source), shared, files, included)) {
      if (!wanted.has(name)) continue
      const known = found.get(name)
      if (known) known.push(one.object)
      else found.set(name, [one.object])
    }
  }
  return found
}

type Files = ReturnType<typeof fileReader>

interface FileText {
  readonly macros: readonly Macro[]
  /** Without comments and directives. */
  readonly code: string
}

/** Reads files; headers, which many objects share, once. */
function fileReader() {
  const texts = new Map<string, FileText>()
  const starts = new Map<string, ReadonlySet<string>>()
  const words = new Map<string, ReadonlySet<string>>()
  const made = new Map<string, ReadonlySet<string>>()
  return {
    /** What a file makes; of a header once for all objects that give the words in it the same meaning. */
    namesIn: (
      { path, code, macros }: FileText & { readonly path: string },
      local: readonly Macro[],
      make: () => ReadonlySet<string>,
    ): ReadonlySet<string> => {
      if (!path.endsWith('.h')) return make()
      const used = words.get(path) ?? new Set(wordsOf([code, ...macros.map(({ body }) => body)].join('\n')))
      words.set(path, used)
      const meanings = local.flatMap(({ name, parameters = [], body }) =>
        used.has(name) ? [name, parameters.join(','), body] : [],
      )
      const key = [path, ...meanings].join('\0')
      const names = made.get(key) ?? make()
      made.set(key, names)
      return names
    },
    text: (path: string): FileText => {
      const text = texts.get(path) ?? readFileText(path)
      if (path.endsWith('.h')) texts.set(path, text)
      return text
    },
    /** What stands before parentheses where a line of a header starts, as in a list of macros. */
    callsAtStart: (path: string): ReadonlySet<string> => {
      const found =
        starts.get(path) ??
        new Set(
          [...(contentOf(path)?.toString('latin1') ?? '').matchAll(callAtStart)].map(([, name = '']) => name),
        )
      starts.set(path, found)
      return found
    },
  }
}

const callAtStart = /^[ \t]*([A-Za-z_$][\w$]*)[ \t]*\(/gm

function readFileText(path: string): FileText {
  const content = contentOf(path)
  if (!content || isLargeHeader(path, content)) return { macros: [], code: '' }
  const macros: Macro[] = []
  const code = withoutComments(content.toString('latin1'))
    .split('\n')
    .filter((line) => {
      if (!/^\s*(?:#|%:)/.test(line)) return true
      const macro = macroOfLine(line)
      if (macro) macros.push(macro)
      return false
    })
    .join('\n')
  return { macros, code }
}

function isLargeHeader(path: string, content: Buffer): boolean {
  return path.endsWith('.h') && content.length > largestHeader
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readTreeFile(path)
  } catch {
    return undefined
  }
}

/** The kernel's own headers for exports: what they make of a name is the export itself. */
const exportHeader = /\/include\/(?:linux|asm-generic)\/export(?:-internal)?\.h$/

/** The macros of all headers that may put a name together; registers of devices are left out. */
function sharedMacros(scanned: readonly string[]): Macros {
  const all: Macro[] = []
  for (const path of scanned) {
    if (!path.endsWith('.h') || exportHeader.test(path)) continue
    for (const macro of definitionsIn(path)) if (mayName(macro)) all.push(copyOf(macro))
  }
  return macrosOf(all, undefined)
}

/** The definitions of a header, without the rest of it. */
function definitionsIn(path: string): readonly Macro[] {
  const content = contentOf(path)
  if (!content || isLargeHeader(path, content) || !content.includes('define')) return []
  return withoutComments(content.toString('latin1'))
    .split('\n')
    .flatMap((line) => (line.includes('define') ? (macroOfLine(line) ?? []) : []))
}

/** The same without the text around it, which a piece of it would keep in memory. */
function copyOf({ name, parameters, body }: Macro): Macro {
  const copied = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')
  return {
    name: copied(name),
    ...(parameters ? { parameters: parameters.map(copied) } : {}),
    body: copied(body),
  }
}

/** False for what stands for a number, a string, or nothing. */
function mayName({ parameters, body }: Macro): boolean {
  return parameters ? body !== '' : isWord(body)
}

/** Macros by name, an object's own before those of headers; which of them export is found by following their bodies. */
function macrosOf(own: readonly Macro[], shared: Macros | undefined): Macros {
  const named = new Map<string, Macro[]>()
  for (const macro of own) {
    const known = named.get(macro.name)
    if (known) known.push(macro)
    else named.set(macro.name, [macro])
  }
  const leading = new Set<string>()
  const leads = (word: string): boolean => leading.has(word) || (shared?.leads(word) ?? exporting.test(word))
  for (let size = -1; size < leading.size;) {
    size = leading.size
    for (const { name, body } of own)
      if (!leading.has(name) && wordsOf(body).some((word) => word !== name && leads(word))) leading.add(name)
  }
  return {
    named: (name) => {
      const mine = named.get(name) ?? []
      const others = shared?.named(name) ?? []
      return mine.length === 0 ? others : [...mine, ...others].slice(0, mostDefinitions)
    },
    leads,
  }
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[A-Za-z_$][\w$]*/g) ?? []
}

/** The names that the text of an object comes to export. */
function namesOf(
  { object, files: using }: PossibleExporter,
  source: string,
  shared: Macros,
  files: Files,
  included: PossibleExporters['included'],
): ReadonlySet<string> {
  const own = new Set([source, ...using, ...sourcesIn(source, included)])
  const texts = [...own].map((path) => ({ path, ...files.text(path) }))
  const local = [...texts.flatMap(({ macros }) => macros), ...givenMacros(object)]
  const macros = macrosOf(local, shared)
  const exporters = new Set(local.map(({ name }) => name).filter(macros.leads))
  const lists = exporters.size === 0 ? [] : listsFor(exporters, source, own, files, included)
  const names = new Set<string>()
  for (const one of [...texts, ...lists])
    for (const name of files.namesIn(one, local, () => namesIn(one, macros))) names.add(name)
  return names
}

function namesIn({ path, code }: FileText & { readonly path: string }, macros: Macros): ReadonlySet<string> {
  const names = new Set<string>()
  const text = path.endsWith('.S') ? withoutAssemblerMacros(code) : code
  for (const paragraph of paragraphsOf(text))
    // What the assembler's macros leave stands nowhere in the source.
    if (text !== code || wordsOf(paragraph).some((word) => makes(word, paragraph, macros)))
      for (const name of madeNames(paragraph, macros)) names.add(name)
  return names
}

/** The parts of a text between empty lines that stand in no parentheses. */
function paragraphsOf(text: string): readonly string[] {
  const found: string[] = []
  let current: string[] = []
  let depth = 0
  for (const line of text.split('\n')) {
    if (depth <= 0 && line.trim() === '') {
      if (current.length > 0) found.push(current.join('\n'))
      current = []
      depth = 0
      continue
    }
    current.push(line)
    for (const [parenthesis] of line.matchAll(/[()]/g)) depth += parenthesis === '(' ? 1 : -1
  }
  return current.length > 0 ? [...found, current.join('\n')] : found
}

/** True for a word by which a name may be exported that does not stand there: `EXPORT_SYMBOL(name)` alone does that not. */
function makes(word: string, text: string, macros: Macros): boolean {
  if (!macros.leads(word)) return false
  if (!exporting.test(word) || macros.named(word).length > 0) return true
  for (const [, given = ''] of text.matchAll(exportCall))
    if (!/^\s*[A-Za-z_]\w*\s*$/.test(given) || macros.named(given.trim()).length > 0) return true
  return false
}

const exportCall = /\b_*EXPORT_SYMBOL\w*\s*\(([^,)]*)/g

/** What is no header and included, as `kernel/sched/build_utility.c` includes other sources. */
function sourcesIn(source: string, included: PossibleExporters['included']): ReadonlySet<string> {
  const found = new Set<string>()
  const waiting = [source]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const other of included(path)) {
      if (other.endsWith('.h') || found.has(other)) continue
      found.add(other)
      waiting.push(other)
    }
  }
  return found
}

/** Headers that use a macro of the object: it goes through their list, as kernel/cgroup goes through linux/cgroup_subsys.h. */
function listsFor(
  exporters: ReadonlySet<string>,
  source: string,
  own: ReadonlySet<string>,
  files: Files,
  included: PossibleExporters['included'],
): readonly (FileText & { readonly path: string })[] {
  const reached = new Set([source, ...own])
  for (const path of reached) for (const other of included(path)) reached.add(other)
  return [...reached].flatMap((path) => {
    if (own.has(path) || !path.endsWith('.h')) return []
    const calls = files.callsAtStart(path)
    return [...exporters].some((name) => calls.has(name)) ? [{ path, ...files.text(path) }] : []
  })
}

/** Macros of the command line. */
function givenMacros({ compile }: ListedObject): readonly Macro[] {
  return compile.flatMap((word) => {
    const [, name, body] = /^-D(\w+)=(\w+)$/.exec(word) ?? []
    return name !== undefined && body !== undefined ? [{ name, body }] : []
  })
}
