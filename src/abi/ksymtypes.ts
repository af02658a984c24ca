/** `.symtypes` files by the path of their object in the tree, without suffix, such as `net/core/dev`. */
export type SymtypesByObject = ReadonlyMap<string, Uint8Array>

const keywords: Readonly<Record<string, string>> = { s: 'struct', u: 'union', e: 'enum' }

/** The record that stands for a type that was only declared; undefined for a name that is not that of such a type. */
export function unknownType(name: string): string | undefined {
  const keyword = name[1] === '#' ? keywords[name[0] ?? ''] : undefined
  return keyword === undefined ? undefined : `${name} ${keyword} ${name.slice(2)} { UNKNOWN }`
}

/** Whether a record name, with its prefix if it has one, is that of a type. */
export function isTypeName(name: string): boolean {
  return name[1] === '#'
}

/** Types first, then exports, each in the order of their names. */
export function compareRecordNames(a: string, b: string): number {
  return Number(isTypeName(b)) - Number(isTypeName(a)) || compareTexts(a, b)
}

/** The order of paths by their folders, as of files in a listing of the tree. */
export function comparePaths(a: string, b: string): number {
  const others = b.split('/')
  for (const [index, name] of a.split('/').entries()) {
    const other = others[index]
    if (other === undefined) return 1
    if (name !== other) return compareTexts(name, other)
  }
  return a.length - b.length
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}

/** True for the definition of a type of which genksyms knows the name alone, as it writes it: `struct x { UNKNOWN }`. */
export function isOpaque(definition: string): boolean {
  return /\{ UNKNOWN \}\s*$/.test(definition)
}
