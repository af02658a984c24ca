import { basename } from 'node:path/posix'
import type { Place } from '../../problem/problem.ts'

/** Where an option is defined and read, without the text that only the preprocessor sees. */
export interface OptionReaders {
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
  let defined = 0
  let fromTools = 0
  for (const file of files) {
    const kind = kindOf(file)
    if (kind === undefined) continue
    const text = textOf(file)
    if (!text.includes(name)) continue
    if (kind === 'make') {
      for (const line of linesWith(text, new RegExp(`\\bCONFIG_${name}\\b`))) readers.push({ file, line })
      continue
    }
    const read = readKconfig(text, name)
    defined += read.definitions.length
    fromTools += read.definitions.filter(asksTools).length
    for (const line of read.readers) readers.push({ file, line })
  }
  return { fromTools: defined > 0 && fromTools === defined, readers }
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

function readKconfig(
  text: string,
  name: string,
): { readonly definitions: readonly string[]; readonly readers: readonly number[] } {
  const word = new RegExp(`\\b${name}\\b`)
  const definitions: string[] = []
  const readers: number[] = []
  let own: string[] | undefined
  const end = (): void => {
    if (own) definitions.push(own.join('\n'))
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
      if (entry === name) own = []
    } else if (/^(?:if|endif|menu|endmenu|choice|endchoice|source)\b/.test(line)) end()
    if (!property.test(line)) continue
    own?.push(line)
    // Whoever defines a macro with it reads it as well.
    if (word.test(line)) readers.push(first + 1)
  }
  end()
  return { definitions, readers }
}

/** True for an entry without a question whose value comes from `$(...)`, other than variables of make. */
function asksTools(entry: string): boolean {
  const asked = /^\s*(?:bool|tristate|int|hex|string|prompt)\s+["']/m.test(entry)
  return !asked && /\$\((?!(?:SRC|SUB)?ARCH\)|KERNELVERSION\))/.test(entry)
}
