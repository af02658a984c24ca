import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where a definition with braces stands in a file: offsets of its keyword, of `{`, of the `}` that ends it. */
export interface SourceDefinition {
  readonly file: string
  readonly start: number
  readonly open: number
  readonly close: number
}

/** A line of a structure that declares one or more members and nothing else. */
export interface MemberLine {
  /** Offsets of the line without its newline. */
  readonly start: number
  readonly end: number
  readonly text: string
  /** The words of the declaration with its semicolon, without comments. */
  readonly words: readonly string[]
}

/** A kernel tree as its unchanged text, read once. */
export interface KernelSource {
  readonly root: string
  /** The folder of the architecture: `arch/x86`. */
  readonly arch: string
  readonly read: (file: string) => string
  /** The same text with comments and strings as spaces: offsets stay. */
  readonly code: (file: string) => string
  readonly exists: (file: string) => boolean
  /** Headers that objects of this architecture may read, in order. */
  readonly headers: readonly string[]
  /** Definitions of structs, unions and enums at the start of a line of a header, by name: `s#device`. */
  readonly definitions: ReadonlyMap<string, readonly SourceDefinition[]>
  /** How often a word stands in all headers. */
  readonly uses: (word: string) => number
  /** The headers that hold a word. */
  readonly headersWith: (word: string) => readonly string[]
}

/** Folders whose headers the protected symbols' objects read, beside those of the architecture. */
const headerFolders = [
  ...['include', 'block', 'drivers/base', 'drivers/pci', 'drivers/scsi', 'drivers/nvme/host', 'drivers/ptp'],
  ...['kernel', 'mm', 'net', 'fs', 'lib', 'security', 'virt'],
]

export function openSource(root: string, arch: string): KernelSource {
  const texts = new Map<string, string>()
  const codes = new Map<string, string>()
  const read = (file: string): string => remembered(texts, file, () => readFileSync(join(root, file), 'utf8'))
  const code = (file: string): string => remembered(codes, file, () => withoutComments(read(file)))
  const headers = [...headerFolders, `${arch}/include`].flatMap((folder) => headersUnder(root, folder)).sort()
  const definitions = new Map<string, SourceDefinition[]>()
  const holders = new Map<string, Map<string, number>>()
  for (const file of headers) {
    const text = read(file)
    for (const [name, place] of definitionsIn(file, text)) {
      const places = definitions.get(name)
      if (places) places.push(place)
      else definitions.set(name, [place])
    }
    for (const word of text.match(/[A-Za-z_]\w*/g) ?? []) {
      const files = holders.get(word) ?? new Map<string, number>()
      files.set(file, (files.get(file) ?? 0) + 1)
      holders.set(word, files)
    }
  }
  return {
    root,
    arch,
    read,
    code,
    exists: (file) => existsSync(join(root, file)),
    headers,
    definitions,
    uses: (word) => [...(holders.get(word)?.values() ?? [])].reduce((sum, count) => sum + count, 0),
    headersWith: (word) => [...(holders.get(word)?.keys() ?? [])],
  }
}

function remembered(known: Map<string, string>, key: string, make: () => string): string {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

function headersUnder(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return headersUnder(root, path)
    return entry.isFile() && entry.name.endsWith('.h') ? [path] : []
  })
}

/** Blanks comments, strings and characters, and leaves every newline where it is. */
function withoutComments(text: string): string {
  const blank = (found: string): string => found.replace(/[^\n]/g, ' ')
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, blank)
}

const letters: Readonly<Record<string, string>> = { struct: 's', union: 'u', enum: 'e' }

function definitionsIn(file: string, text: string): [string, SourceDefinition][] {
  const found: [string, SourceDefinition][] = []
  for (const match of text.matchAll(/^(struct|union|enum)\s+(\w+)\s*\{/gm)) {
    const [all, keyword = '', name = ''] = match
    const open = match.index + all.length - 1
    const close = text.indexOf('\n}', open)
    if (close > 0)
      found.push([`${letters[keyword] ?? ''}#${name}`, { file, start: match.index, open, close: close + 1 }])
  }
  return found
}

/** The only definition of a name in all headers. */
export function onlyDefinition(source: KernelSource, name: string): SourceDefinition | undefined {
  const places = source.definitions.get(name) ?? []
  return places.length === 1 ? places[0] : undefined
}

/** Lines of a structure, not of one inside it, that hold one whole declaration each. */
export function memberLines(
  source: KernelSource,
  { file, open, close }: SourceDefinition,
): readonly MemberLine[] {
  const code = source.code(file)
  const text = source.read(file)
  const found: MemberLine[] = []
  let depth = 0
  let complete = true
  let start = code.indexOf('\n', open) + 1
  while (start > 0 && start < close) {
    const end = code.indexOf('\n', start)
    const line = code.slice(start, end).trim()
    const plain = /^[A-Za-z_][\w\s*,:[\]]*;$/.test(line)
    if (depth === 0 && complete && plain)
      found.push({ start, end, text: text.slice(start, end), words: cWords(line) })
    for (const bracket of line.match(/[{}()]/g) ?? []) depth += bracket === '{' || bracket === '(' ? 1 : -1
    if (line !== '') complete = /[;{}]$/.test(line) || (line.startsWith('#') && !line.endsWith('\\'))
    start = end + 1
  }
  return found
}

/** C cut into words as genksyms cuts it, as far as declarations need it. */
export function cWords(code: string): readonly string[] {
  return code.match(/[A-Za-z_]\w*|\d\w*|<<|>>|\.\.\.|[^\s\w]/g) ?? []
}

/** The number of the line at an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
