import { dirname } from 'node:path/posix'
import type { TreeView } from './patched-tree.ts'

/** An expression of Kconfig that has to hold, as it is written. */
type Expression = string

/** A value, or the name of a symbol, that counts under a condition. */
export interface Conditional {
  readonly value: string
  readonly condition: Expression | undefined
}

/** One place where an option is defined. */
export interface ConfigEntry {
  readonly name: string
  readonly type: 'bool' | 'tristate' | 'other' | undefined
  /** The condition of its question; absent when nobody is asked. */
  readonly prompt: { readonly condition: Expression | undefined } | undefined
  /** Its own dependencies and those of all that stands around it. */
  readonly depends: readonly Expression[]
  readonly visibleIf: readonly Expression[]
  readonly defaults: readonly Conditional[]
  readonly selects: readonly Conditional[]
  readonly implies: readonly Conditional[]
  readonly choice: Choice | undefined
}

/** A choice of which one member is set. */
export interface Choice {
  readonly defaults: readonly Conditional[]
  readonly members: readonly string[]
}

/** An architecture as ARCH= names it, and its folder under arch/. */
export interface KconfigArch {
  readonly arch: string
  readonly srcarch: string
}

/** A line of a Kconfig file: its first word, and what follows. */
interface KconfigLine {
  readonly word: string
  readonly rest: string
}

/** Gives the lines of a text. */
type LinesOf = (text: string) => readonly KconfigLine[]

/** Makes a reader that reads equal texts once. */
export function linesReader(): LinesOf {
  const known = new Map<string, readonly KconfigLine[]>()
  return (text) => {
    const lines = known.get(text) ?? [...kconfigLines(text)]
    known.set(text, lines)
    return lines
  }
}

interface Draft {
  name: string
  type: ConfigEntry['type']
  prompt: ConfigEntry['prompt']
  readonly depends: Expression[]
  readonly defaults: Conditional[]
  readonly selects: Conditional[]
  readonly implies: Conditional[]
  readonly visibleIf: Expression[]
}

interface Block {
  readonly kind: 'if' | 'menu' | 'choice'
  readonly depends: Expression[]
  readonly visibleIf: Expression[]
  readonly choice?: { readonly defaults: Conditional[]; readonly members: string[] }
}

const mostDepth = 30

/**
 * Reads all entries of a kernel's Kconfig files (Documentation/kbuild/kconfig-language.rst), from the top one on.
 * @param lines shared by readings of states of a tree that have most files in common
 */
export function readConfigEntries(
  view: TreeView,
  { arch, srcarch }: KconfigArch,
  lines: LinesOf = linesReader(),
): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = []
  const readFile = (file: string, around: readonly Block[], depth: number): void => {
    const text = view.text(file)
    if (text === undefined || depth > mostDepth) return
    const reading: Reading = { entries, around: around.length, blocks: [...around] }
    for (const { word, rest: written } of lines(text)) {
      const rest = written.includes('$')
        ? written.replace(/\$\(?(SRCARCH|ARCH)\b\)?/g, (_, name) => (name === 'ARCH' ? arch : srcarch))
        : written
      if (sourceWord.test(word)) {
        finish(reading)
        const path = rest.replace(/^"(.*)"\s*$/, '$1')
        readFile(word.includes('rsource') ? `${dirname(file)}/${path}` : path, reading.blocks, depth + 1)
      } else readLine(reading, word, rest)
    }
    finish(reading)
  }
  readFile('Kconfig', [], 0)
  return entries
}

const sourceWord = /^o?r?source$/

/** How far the reading of a file has come. */
interface Reading {
  readonly entries: ConfigEntry[]
  /** How many blocks were open around the file. */
  readonly around: number
  /** The blocks that are open. */
  readonly blocks: Block[]
  /** The entry that is not at its end yet. */
  draft?: Draft | undefined
  /** The block whose own properties may follow. */
  block?: Block | undefined
}

function finish(reading: Reading): void {
  const { draft, blocks, entries } = reading
  if (draft) entries.push(entryOf(draft, blocks))
  reading.draft = reading.block = undefined
}

/** Takes a line that names no other file. */
function readLine(reading: Reading, word: string, rest: string): void {
  const { blocks } = reading
  switch (word) {
    case 'config':
    case 'menuconfig':
      finish(reading)
      reading.draft = newDraft(rest.trim())
      blocks.findLast((block) => block.choice)?.choice?.members.push(rest.trim())
      break
    case 'if':
      finish(reading)
      blocks.push({ kind: 'if', depends: [rest], visibleIf: [] })
      break
    case 'menu':
    case 'choice': {
      finish(reading)
      const choice = word === 'choice' ? { choice: { defaults: [], members: [] } } : {}
      reading.block = { kind: word, depends: [], visibleIf: [], ...choice }
      blocks.push(reading.block)
      break
    }
    case 'endif':
    case 'endmenu':
    case 'endchoice':
      finish(reading)
      if (blocks.length > reading.around) blocks.pop()
      break
    case 'comment':
    case 'mainmenu':
      finish(reading)
      break
    default:
      if (reading.draft) property(reading.draft, word, rest)
      else if (reading.block) blockProperty(reading.block, word, rest)
  }
}

function newDraft(name: string): Draft {
  return {
    name,
    type: undefined,
    prompt: undefined,
    depends: [],
    defaults: [],
    selects: [],
    implies: [],
    visibleIf: [],
  }
}

function entryOf(draft: Draft, blocks: readonly Block[]): ConfigEntry {
  return {
    ...draft,
    depends: [...blocks.flatMap(({ depends }) => depends), ...draft.depends],
    visibleIf: blocks.flatMap(({ visibleIf }) => visibleIf),
    choice: blocks.findLast(({ choice }) => choice)?.choice,
  }
}

function property(draft: Draft, word: string, rest: string): void {
  switch (word) {
    case 'bool':
    case 'boolean':
    case 'tristate':
      draft.type = word === 'tristate' ? 'tristate' : 'bool'
      if (rest.trim() !== '') draft.prompt = { condition: conditional(rest).condition }
      break
    case 'int':
    case 'hex':
    case 'string':
      draft.type = 'other'
      if (rest.trim() !== '') draft.prompt = { condition: conditional(rest).condition }
      break
    case 'def_bool':
    case 'def_tristate':
      draft.type = word === 'def_bool' ? 'bool' : 'tristate'
      draft.defaults.push(conditional(rest))
      break
    case 'prompt':
      draft.prompt = { condition: conditional(rest).condition }
      break
    case 'depends':
      draft.depends.push(rest.replace(/^on\b/, ''))
      break
    case 'default':
      draft.defaults.push(conditional(rest))
      break
    case 'select':
      draft.selects.push(conditional(rest))
      break
    case 'imply':
      draft.implies.push(conditional(rest))
      break
  }
}

function blockProperty(block: Block, word: string, rest: string): void {
  if (word === 'depends') block.depends.push(rest.replace(/^on\b/, ''))
  if (word === 'visible') block.visibleIf.push(rest.replace(/^if\b/, ''))
  if (word === 'default') block.choice?.defaults.push(conditional(rest))
}

/** `value if condition`. */
function conditional(text: string): Conditional {
  const quoted = /^\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(?:if\b(.*))?$/.exec(text)
  if (quoted) return { value: quoted[1] ?? '', condition: quoted[2] }
  const [, value = '', condition] = /^(.*?)(?:\s+if\b(.*))?$/.exec(text.trim()) ?? []
  return { value: value.trim(), condition }
}

/** The lines without comments and help texts, continued ones joined. */
function* kconfigLines(text: string): Generator<KconfigLine> {
  /** Columns by which a help text is indented; undefined outside of one, -1 before its first line. */
  let help: number | undefined
  for (const line of text.replace(/\\\r?\n/g, ' ').split('\n')) {
    if (line.trim() === '') continue
    const columns = line.replace(/\t/g, '        ').search(/\S/)
    if (help !== undefined) {
      if (help < 0 && columns > 0) help = columns
      if (help > 0 && columns >= help) continue
      help = undefined
    }
    if (/^\s*(?:help|---help---)\s*$/.test(line)) help = -1
    else {
      const code = line.includes('#') ? line.replace(/^((?:"(?:[^"\\]|\\.)*"|[^"#])*)#.*$/, '$1') : line
      const [, word = '', rest = ''] = /^\s*([\w-]+)\s*(.*)$/.exec(code) ?? []
      if (word !== '') yield { word, rest }
    }
  }
}
