import { joinLines } from '../../kernel/exports/join-lines.ts'

/** The names that a kernel's text exports, whatever the configuration. */
export interface ExportNames {
  /** By name, the files in which it is given to a macro such as EXPORT_SYMBOL. */
  readonly written: ReadonlyMap<string, readonly string[]>
  /** True for a name that a macro may put together, as `EXPORT_SYMBOL(param_ops_##type)` does. */
  readonly mayBeMade: (name: string) => boolean
  /** Macros without `EXPORT` in their name that export something where they are used, with the files that define them. */
  readonly macros: ReadonlyMap<string, readonly string[]>
}

/** Gathers the names of one file after the other. */
interface ExportNamesReader {
  /** @param isForeign the file belongs to another architecture: its macros make no names of this one */
  readonly read: (file: string, text: string, isForeign: boolean) => void
  readonly names: () => ExportNames
}

/** What stands in the parentheses behind a word with EXPORT in it; a call in there may have its own. */
const call = /EXPORT\w*[ \t]*\(((?:[^()]|\([^()]*\))*)\)/g

const definition = /^\s*(?:#|%:)\s*define\s+(\w+)(?:\(([^)]*)\))?(.*)/

/** Lines that one call may go over. */
const mostLines = 5

/**
 * Gathers the names that a kernel's sources export, by text alone, so in seconds. Where a macro pastes a name together, every
 * name that fits counts, and comments count as code: more may seem to be exported than is, never less.
 */
export function exportNamesReader(): ExportNamesReader {
  const written = new Map<string, Set<string>>()
  // The keys and trampolines of static calls are put together by macros in macros (include/linux/static_call_types.h).
  const patterns = new Set(['__SC[KT]__\\w*'])
  const macros = new Map<string, Set<string>>()
  const learn = (file: string, given: string, parameters: ReadonlySet<string>, isForeign: boolean): void => {
    for (const [, inner = ''] of given.matchAll(/\w\s*\(([^()]*)\)/g))
      for (const [part] of inner.matchAll(/\w{4,}/g))
        if (!isForeign && !parameters.has(part)) patterns.add(`\\w*${part}\\w*`)
    for (const [piece] of given.replace(/\s*##\s*/g, '##').matchAll(/[\w.$\\#]+/g)) {
      if (/##|\\/.test(piece)) {
        if (!isForeign) patterns.add(patternOf(piece, parameters))
      } else if (!parameters.has(piece)) written.set(piece, (written.get(piece) ?? new Set()).add(file))
    }
  }
  return {
    read: (file, text, isForeign) => {
      const lines = joinLines(text).split('\n')
      for (const [at, line] of lines.entries()) {
        if (!line.includes('EXPORT')) continue
        const [, name = '', list = '', body] = definition.exec(line) ?? []
        if (body !== undefined && !isForeign && body.includes('EXPORT') && !name.includes('EXPORT'))
          macros.set(name, (macros.get(name) ?? new Set()).add(file))
        const parameters = new Set(list.split(/[\s,.]+/).filter((word) => word !== ''))
        const code = body ?? lines.slice(at, at + mostLines).join('\n')
        for (const [, given = ''] of code.matchAll(call)) learn(file, given, parameters, isForeign)
      }
    },
    names: () => {
      const made = new RegExp(`^(?:${[...patterns].join('|')})$`)
      return {
        written: new Map([...written].map(([name, files]) => [name, [...files]])),
        macros: new Map([...macros].map(([name, files]) => [name, [...files]])),
        mayBeMade: (name) => made.test(name),
      }
    },
  }
}

/** A piece that is pasted together, as a pattern: parameters, which an assembler marks, stand for anything. */
function patternOf(piece: string, parameters: ReadonlySet<string>): string {
  return piece
    .split('##')
    .flatMap((part) => part.split(/(\\\w+)/))
    .map((part) => (part.startsWith('\\') || parameters.has(part) ? '[\\w.$]*' : part.replace(/\W/g, '\\$&')))
    .join('')
}
