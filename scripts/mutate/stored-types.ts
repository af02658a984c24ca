/**
 * The oracle of the mutation test: which checksums an edit of a type has to change, and what they become. It is a
 * program of its own on purpose and shares no code with `src/`: its reader of stored types, its way through them and
 * its CRC stand here.
 */

/** A definition cut at its spaces; a string is one token. */
export type Tokens = readonly string[]

/** What genksyms saw for one object: definitions by name with prefix (`s#device`), exports by their bare name. */
export interface ObjectTypes {
  readonly object: string
  readonly definitions: ReadonlyMap<string, Tokens>
  readonly exports: readonly string[]
}

/** How an edit rewrites definitions, by name. Throws `NotApplicable` for a definition that it cannot be made in. */
export type Rewrites = ReadonlyMap<string, (tokens: Tokens, types: ObjectTypes) => Tokens>

/** Says that an edit cannot be predicted here, so it is not made. */
export class NotApplicable extends Error {}

const keywords: Readonly<Record<string, string>> = { s: 'struct', u: 'union', e: 'enum' }

/**
 * Reads a consolidated dump of types: sections that begin with the line of their object; a type that a section uses and
 * does not define is the last one of that name before it; `s##x` is a type that was only declared. Throws for a
 * reference without a definition.
 */
export function readStoredTypes(text: string): readonly ObjectTypes[] {
  const last = new Map<string, Tokens>()
  const found: ObjectTypes[] = []
  let object: string | undefined
  let own = new Map<string, Tokens>()
  const finish = (): void => {
    if (object !== undefined) found.push(closed(object, own, last))
    own = new Map()
  }
  for (const line of text.split('\n')) {
    const header = /^\/\* (\S+)\.symtypes \*\/$/.exec(line)
    if (header) {
      finish()
      object = header[1]
      continue
    }
    const [name, ...definition] = tokensOf(line).filter((token, at) => at > 0 || token !== 'override')
    if (name === undefined) continue
    if (name[1] === '#' && name[2] === '#') {
      const tag = name.slice(3)
      own.set(`${name[0] ?? ''}#${tag}`, [keywords[name[0] ?? ''] ?? '', tag, '{', 'UNKNOWN', '}'])
    } else if (definition.length > 0) {
      own.set(name, definition)
      if (name.includes('#')) last.set(name, definition)
    }
  }
  finish()
  return found
}

function tokensOf(text: string): string[] {
  return text.match(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s"']+/g) ?? []
}

/** The section with everything that its exports come by. */
function closed(
  object: string,
  own: ReadonlyMap<string, Tokens>,
  last: ReadonlyMap<string, Tokens>,
): ObjectTypes {
  const exports = [...own.keys()].filter((name) => !name.includes('#')).sort()
  const definitions = new Map<string, Tokens>()
  const open = [...exports]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (definitions.has(name)) continue
    const tokens = own.get(name) ?? last.get(name)
    if (!tokens) throw new Error(`${object}: ${name} has no definition`)
    definitions.set(name, tokens)
    open.push(...tokens.filter(isReference))
  }
  return { object, definitions, exports }
}

export function isReference(token: string): boolean {
  return /^[sueEt]#/.test(token)
}

/** The checksum of an export, as `expand_and_crc_sym` of scripts/genksyms/genksyms.c computes it. */
export function checksumOf(symbol: string, { definitions }: ObjectTypes): number {
  const seen = new Set([symbol])
  let crc = 0xffffffff
  const feed = (bytes: Uint8Array): void => {
    for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  }
  const expand = (name: string): void => {
    for (const piece of piecesOf(definitions.get(name) ?? [])) {
      if (piece instanceof Uint8Array) feed(piece)
      else if (!seen.has(piece.name)) {
        seen.add(piece.name)
        expand(piece.name)
      } else feed(piece.repeated)
    }
  }
  expand(symbol)
  return (crc ^ 0xffffffff) >>> 0
}

/** Plain tokens as they are fed, or a reference with what it feeds when it is a repeated one. */
type Piece = Uint8Array | { readonly name: string; readonly repeated: Uint8Array }

const pieces = new WeakMap<Tokens, readonly Piece[]>()

function piecesOf(tokens: Tokens): readonly Piece[] {
  const known = pieces.get(tokens)
  if (known) return known
  const made: Piece[] = []
  let plain = ''
  const finishPlain = (): void => {
    if (plain !== '') made.push(encoder.encode(plain))
    plain = ''
  }
  for (const token of tokens[0] === 'extern' ? tokens.slice(1) : tokens) {
    if (!isReference(token)) {
      plain += `${token} `
      continue
    }
    finishPlain()
    const keyword = keywords[token[0] ?? '']
    const words = keyword === undefined ? token.slice(2) : `${keyword} ${token.slice(2)}`
    made.push({ name: token, repeated: encoder.encode(`${words} `) })
  }
  finishPlain()
  pieces.set(tokens, made)
  return made
}

const encoder = new TextEncoder()
const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** All definitions that an export's expansion comes by, with itself. */
export function reachedBy(symbol: string, { definitions }: ObjectTypes): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = [symbol]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    open.push(...(definitions.get(name) ?? []).filter(isReference))
  }
  return reached
}

/** What an edit does to the checksums of protected symbols. */
export interface Prediction {
  /** The new checksums of those that change. */
  readonly changed: ReadonlyMap<string, number>
  /** The edited definitions that a changed symbol came by before. */
  readonly causes: ReadonlySet<string>
}

/** Rewrites the definitions in every object that has them, and computes the checksums of the protected symbols anew. */
export function predict(
  objects: readonly ObjectTypes[],
  isProtected: (symbol: string) => boolean,
  rewrites: Rewrites,
): Prediction {
  const changed = new Map<string, number>()
  const causes = new Set<string>()
  for (const types of objects) {
    const edited = new Map<string, Tokens>()
    for (const [name, rewrite] of rewrites) {
      const tokens = types.definitions.get(name)
      if (!tokens || isUnknown(tokens)) continue
      const after = rewrite(tokens, types)
      if (after.join(' ') !== tokens.join(' ')) edited.set(name, after)
    }
    if (edited.size === 0) continue
    const after = { ...types, definitions: new Map([...types.definitions, ...edited]) }
    for (const symbol of types.exports.filter(isProtected)) {
      const reached = reachedBy(symbol, types)
      const touched = [...edited.keys()].filter((name) => reached.has(name))
      if (touched.length === 0) continue
      const crc = checksumOf(symbol, after)
      if (crc === checksumOf(symbol, types)) continue
      changed.set(symbol, crc)
      for (const name of touched) causes.add(name)
    }
  }
  return { changed, causes }
}

/** Whether a type was only declared where genksyms saw it. */
export function isUnknown(tokens: Tokens): boolean {
  return tokens.at(-2) === 'UNKNOWN'
}
