import { argumentsAt, isWord, tokensOf, type Macro } from './macro-text.ts'

/** The macros that a text may mean, by name. */
export interface Macros {
  /** Every definition of a name; which one counts depends on conditions that nobody looked at. */
  readonly named: (name: string) => readonly Macro[]
  /** True where one of the definitions exports, by itself or by other macros. */
  readonly leads: (name: string) => boolean
}

/** `EXPORT_SYMBOL(x`, `EXPORT_SYMBOL_NS_GPL(x`, `___EXPORT_SYMBOL(x`: what is given first is a name, as far as is known. */
export const exporting = /^_*EXPORT_SYMBOL/

/** Characters that are read besides those of the file itself: macros may be made to grow without end. */
const mostMade = 200_000
const mostReadings = 12
const longest = 20_000
const deepest = 24

/**
 * Replaces macros as the preprocessor does, as far as that needs no conditions, and gathers the names that come to be exported.
 * Where a macro has several definitions, each is followed. So this is evidence of what a text exports, and no proof.
 * @param text code of a source without directives
 */
export function madeNames(text: string, macros: Macros): ReadonlySet<string> {
  const names = new Set<string>()
  let left = text.length + mostMade
  const piecesOf = (some: string): readonly string[] => {
    left -= some.length + 1
    return left < 0 ? [] : tokensOf(some)
  }

  /** What a text may be with all macros replaced. */
  const replaced = (some: string, painted: ReadonlySet<string>): readonly string[] => {
    const pieces = piecesOf(some)
    let readings: readonly string[] = ['']
    for (let at = 0; at < pieces.length;) {
      const piece = pieces[at] ?? ''
      const used = isWord(piece) && !painted.has(piece) ? useOf(pieces, at, painted) : undefined
      const choices = used?.texts.flatMap((one) => replaced(one, with_(painted, piece))) ?? []
      readings = combined(readings, choices.length > 0 ? choices : [piece])
      at = choices.length > 0 && used ? used.end : at + 1
    }
    return readings
  }

  /** What stands in place of the macro that a text uses here, by each of its definitions. */
  const useOf = (
    pieces: readonly string[],
    at: number,
    painted: ReadonlySet<string>,
  ): { readonly texts: readonly string[]; readonly end: number } | undefined => {
    const definitions = macros.named(pieces[at] ?? '')
    if (definitions.length === 0 || painted.size >= deepest) return undefined
    const call = argumentsAt(pieces, at)
    const whole = definitions.flatMap((macro) => {
      // What has no parentheses of its own may stand for a macro that gets those behind it.
      if (!macro.parameters) return [macro.body + (call ? pieces.slice(at + 1, call.end).join('') : '')]
      return call ? substituted(macro, call.given, (one) => replaced(one, painted)) : []
    })
    return whole.length === 0 ? undefined : { texts: whole, end: call?.end ?? at + 1 }
  }

  const gather = (some: string, painted: ReadonlySet<string>): void => {
    const pieces = piecesOf(some)
    for (let at = 0; at < pieces.length;) {
      const piece = pieces[at] ?? ''
      if (!isWord(piece) || painted.has(piece)) {
        at++
        continue
      }
      const call = argumentsAt(pieces, at)
      if (call && exporting.test(piece))
        for (const name of replaced(call.given[0] ?? '', painted)) names.add(name.replace(/\s+/g, ''))
      const matters =
        macros.leads(piece) || call?.given.some((one) => tokensOf(one).some((word) => macros.leads(word)))
      const used = matters ? useOf(pieces, at, painted) : undefined
      for (const one of used?.texts ?? []) gather(one, with_(painted, piece))
      at = used?.end ?? at + 1
    }
  }
  gather(text, new Set())
  return names
}

function with_(painted: ReadonlySet<string>, name: string): ReadonlySet<string> {
  return new Set([...painted, name])
}

function combined(before: readonly string[], after: readonly string[]): readonly string[] {
  const [start, another] = before
  const [end, more] = after
  // Nearly every piece has one reading, and a text has thousands of pieces.
  if (start !== undefined && end !== undefined && another === undefined && more === undefined)
    return start.length >= longest ? before : [start + end]
  const all = before.flatMap((one) => after.map((other) => (one + other).slice(0, longest)))
  return [...new Set(all)].slice(0, mostReadings)
}

/** The bodies that a macro has with these arguments: beside `##` as they are given, elsewhere with macros replaced. */
function substituted(
  { parameters = [], body }: Macro,
  given: readonly string[],
  replaced: (argument: string) => readonly string[],
): readonly string[] {
  const values = new Map<string, string>()
  for (const [at, parameter] of parameters.entries()) {
    const isRest = parameter.endsWith('...')
    const name = parameter === '...' ? '__VA_ARGS__' : parameter.replace(/\s*\.\.\.$/, '')
    values.set(name, isRest ? given.slice(at).join(', ') : (given[at] ?? ''))
  }
  // A comma before an empty rest goes.
  const text = body.replace(/,\s*##\s*([A-Za-z_$][\w$]*)/g, (_, name: string) =>
    values.get(name) === '' ? '' : `, ${name}`,
  )
  const pieces = tokensOf(text.replace(/\s*##\s*/g, '##'))
  let readings: readonly string[] = ['']
  for (const [at, piece] of pieces.entries()) {
    const value = isWord(piece) ? values.get(piece) : undefined
    const pasted = pieces[at - 1] === '##' || pieces[at + 1] === '##'
    const choices = value === undefined ? [piece === '##' ? '' : piece] : pasted ? [value] : replaced(value)
    readings = combined(readings, choices)
  }
  return readings
}
