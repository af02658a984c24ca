import { onlyDefinition, type KernelSource, type SourceDefinition } from '../mutate/kernel-source.ts'
import { isUnknown, reachedBy, type ObjectTypes } from '../mutate/stored-types.ts'
import type { FileDifference, Hunk } from './difference.ts'
import type { Part } from './parts.ts'

/** A real change of one definition that breaks protected symbols, told from the text and the stored types alone. */
export interface BreakingPart extends Part {
  /** As genksyms writes it: `s#device`. */
  readonly type: string
  /** The protected symbols that come by the definition, in order. */
  readonly symbols: readonly string[]
}

/**
 * Finds changes of definitions of which it is certain that every compiler sees them, that they stand for themselves, and that
 * the rest of the older tree compiles with them:
 *
 * - one header defines the type, and protected symbols come by the definition;
 * - the hunks lie inside of its braces and under no condition of the preprocessor that the definition itself is not under;
 * - words change, and no member's name goes, which something else may use;
 * - types that the older headers do not have are only pointed to.
 *
 * In order of the types' names.
 */
export function breakingParts(
  source: KernelSource,
  types: readonly ObjectTypes[],
  isProtected: (symbol: string) => boolean,
  difference: readonly FileDifference[],
): readonly BreakingPart[] {
  const files = new Map(
    difference.filter(({ status }) => status === 'modified').map((one) => [one.file, one]),
  )
  return [...reachOf(types, isProtected)].sort(byName).flatMap(([type, symbols]) => {
    const place = onlyDefinition(source, type)
    const hunks = place ? (files.get(place.file)?.hunks ?? []) : []
    const inside = place ? hunksOf(source, place, hunks) : []
    if (!place || inside.length === 0 || asserted.has(type) || !standsAlone(source, inside)) return []
    return [{ file: place.file, hunks: inside, type, symbols: [...symbols].sort() }]
  })
}

/** Types whose size or order the kernel itself asserts. */
const asserted: ReadonlySet<string> = new Set(['s#page', 's#folio', 's#slab'])

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}

/** The protected symbols that come by each definition. */
function reachOf(
  types: readonly ObjectTypes[],
  isProtected: (symbol: string) => boolean,
): ReadonlyMap<string, ReadonlySet<string>> {
  const reach = new Map<string, Set<string>>()
  for (const object of types)
    for (const symbol of object.exports.filter(isProtected))
      for (const name of reachedBy(symbol, object)) {
        if (!/^[sue]#/.test(name) || isUnknown(object.definitions.get(name) ?? [])) continue
        const symbols = reach.get(name) ?? new Set<string>()
        reach.set(name, symbols.add(symbol))
      }
  return reach
}

/** The hunks that touch a definition; none where one of them does not lie in its plain members. */
function hunksOf(
  source: KernelSource,
  { file, start, open, close }: SourceDefinition,
  hunks: readonly Hunk[],
): readonly Hunk[] {
  const text = source.read(file)
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length - 1
  const [first, brace, last] = [lineOf(start), lineOf(open), lineOf(close)]
  const touching = hunks.filter(
    ({ after, removed }) => after <= last && after + removed.length > first && after + removed.length > brace,
  )
  const lines = text.split('\n')
  const isInside = ({ after, removed, added }: Hunk): boolean =>
    after > brace &&
    after + removed.length <= last &&
    conditionsIn(lines.slice(brace, after)) === 0 &&
    ![...removed, ...added].some((line) => /^\s*#/.test(line) || line.endsWith('\\'))
  return touching.every(isInside) ? touching : []
}

function conditionsIn(lines: readonly string[]): number {
  return lines.reduce(
    (depth, line) => depth + Number(/^\s*#\s*if/.test(line)) - Number(/^\s*#\s*endif/.test(line)),
    0,
  )
}

function standsAlone(source: KernelSource, hunks: readonly Hunk[]): boolean {
  const [before, after] = [codeOf(hunks, 'removed'), codeOf(hunks, 'added')]
  // `__rcu` and its like are words for another checker; the compiler gets nothing of them.
  const [plain, other] = [before, after].map((code) => wordsOf(code.replaceAll(/\b__\w+/g, '')).join(' '))
  if (plain === other) return false
  if (!namesIn(before).every((name) => namesIn(after).includes(name))) return false
  const known = (word: string): boolean => source.uses(word) > 0
  const tags = [...after.matchAll(/\b(?:struct|union|enum)\s+(\w+)(?!\s*\*|\w)/g)].map(([, tag = '']) => tag)
  const others = wordsOf(after).filter((word) => /^[A-Z_\d]{3,}$|_t$/.test(word))
  return [...tags, ...others].every(known)
}

/** Without comments; one that begins or ends in another line is taken for one, too. */
function codeOf(hunks: readonly Hunk[], side: 'removed' | 'added'): string {
  const text = hunks.flatMap((hunk) => [...hunk[side]]).join('\n')
  return text
    .replace(/\/\*[^]*?(?:\*\/|$)|\/\/[^\n]*/g, ' ')
    .replace(/^[^\n]*\*\/|^\s*\*(?:\s[^\n]*)?$/gm, ' ')
}

function wordsOf(code: string): readonly string[] {
  return code.match(/\w+|[^\s\w]/g) ?? []
}

/** The names that are declared: those in front of what ends a declarator. */
function namesIn(code: string): readonly string[] {
  return [...code.matchAll(/([A-Za-z_]\w*)\s*(?=[;,:=[)]|$)/gm)].map(([, name = '']) => name)
}
