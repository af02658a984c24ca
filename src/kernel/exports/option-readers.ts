import { basename } from 'node:path/posix'
import { asksTools } from '../../abi/tool-option.ts'
import type { Place } from '../../problem/problem.ts'

/** Where an option is defined and read, without the text that only the preprocessor sees. */
interface OptionReaders {
  /** Kconfig asks the tools for it, as with `$(cc-option,...)`, and nobody else: it has no question. */
  readonly fromTools: boolean
  /** Lines of Kconfig files, Makefiles and scripts that depend on it. */
  readonly readers: readonly Place[]
}

/**
 * Finds who reads an option besides the preprocessor. Every line counts that is no comment and no help text.
 * @param name without `CONFIG_`
 * @param files of the tree, relative
 * @param textOf gives the text of one; empty for one that cannot be read
 */
export function optionReaders(
  name: string,
  files: Iterable<string>,
  textOf: (file: string) => string,
): OptionReaders {
  const readers: Place[] = []
  const entries = new Map<string, string[]>()
  for (const file of files) {
    const kind = kindOf(file)
    if (kind === undefined) continue
    const text = textOf(file)
    const lines =
      kind === 'make'
        ? linesWith(text, new RegExp(`\\bCONFIG_${name}\\b`))
        : readKconfig(text, name, (entry, properties) =>
            entries.set(entry, [...(entries.get(entry) ?? []), properties]),
          )
    for (const line of lines) readers.push({ file, line })
  }
  return { fromTools: isFromTools(name, entries), readers }
}

/** True for an option without a question that asks the tools, or follows from nothing but such options. */
function isFromTools(
  name: string,
  entries: ReadonlyMap<string, readonly string[]>,
  known = new Map<string, boolean>(),
): boolean {
  const answer = known.get(name)
  if (answer !== undefined) return answer
  // One that follows from itself follows from nothing.
  known.set(name, false)
  const definitions = entries.get(name) ?? []
  const found =
    definitions.length > 0 &&
    definitions.every((text) => {
      if (/^\s*(?:bool|tristate|int|hex|string|prompt)\s+["']/m.test(text)) return false
      if (asksTools(text)) return true
      const names = text.match(/\b[A-Z]\w*/g) ?? []
      return names.length > 0 && names.every((one) => isFromTools(one, entries, known))
    })
  known.set(name, found)
  return found
}

/** Kconfig files, and what make and its scripts read; what is compiled in `scripts` and `tools` is no part of the kernel. */
function kindOf(file: string): 'kconfig' | 'make' | undefined {
  const name = basename(file)
  if (/^(?:Documentation|samples|tools)\//.test(file)) return undefined
  if (name.startsWith('Kconfig')) return 'kconfig'
  if (/^(?:Makefile|Kbuild)|\.(?:mk|sh)$/.test(name)) return 'make'
  return file.startsWith('scripts/') && !/\.(?:[chS]|rs|py|cocci)$/.test(name) ? 'make' : undefined
}

function linesWith(text: string, word: RegExp): readonly number[] {
  return text.split('\n').flatMap((line, at) => (word.test(line.replace(/(?:^|\s)#.*/, '')) ? [at + 1] : []))
}

/** Words with which a line of an entry begins; anything else is a help text. */
const property =
  /^\s*(?:depends|select|imply|default|def_bool|def_tristate|range|visible|if|bool|tristate|int|hex|string|prompt|menu|comment|option)\b/

/** Gives each entry with its properties; the lines that name an option are the result. */
function readKconfig(
  text: string,
  name: string,
  take: (entry: string, properties: string) => void,
): readonly number[] {
  const word = new RegExp(`\\b${name}\\b`)
  const readers: number[] = []
  let own: { readonly entry: string; readonly lines: string[] } | undefined
  const end = (): void => {
    if (own) take(own.entry, own.lines.join('\n'))
    own = undefined
  }
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const first = at
    let line = lines[at] ?? ''
    while (line.endsWith('\\') && at + 1 < lines.length) line = line.slice(0, -1) + (lines[++at] ?? '')
    line = line.replace(/(?:^|\s)#.*/, '')
    const [, entry] = /^\s*(?:menu)?config\s+(\w+)\s*$/.exec(line) ?? []
    if (entry !== undefined) {
      end()
      own = { entry, lines: [] }
    } else if (/^(?:if|endif|menu|endmenu|choice|endchoice|source)\b/.test(line)) end()
    if (!property.test(line)) continue
    own?.lines.push(line)
    // Whoever defines a macro with it reads it as well.
    if (word.test(line)) readers.push(first + 1)
  }
  end()
  return readers
}
