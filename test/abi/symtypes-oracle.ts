import { crc32 } from 'node:zlib'

/** A definition by its name with prefix; the tokens that genksyms would print. */
export type Definitions = ReadonlyMap<string, readonly string[]>

const keywords: Readonly<Record<string, string>> = { s: 'struct ', u: 'union ', e: 'enum ', t: '', E: '' }

/** What genksyms feeds into the checksum of an export, as one text: the algorithm as plainly as it can be said. */
export function fedText(definitions: Definitions, symbol: string): string {
  const seen = new Set([symbol])
  const expand = (name: string): string =>
    (definitions.get(name) ?? [])
      .map((token) => {
        if (token[1] !== '#') return token + ' '
        if (seen.has(token)) return (keywords[token.charAt(0)] ?? '') + token.slice(2) + ' '
        seen.add(token)
        return expand(token)
      })
      .join('')
  return expand(symbol)
}

/** The checksum of a text, by an implementation that is not ours. */
export function checksumOf(text: string): number {
  return crc32(text)
}

/** The bytes of a `.symtypes` file as genksyms writes it. */
export function symtypesFile(definitions: Definitions): Uint8Array {
  const lines = [...definitions].map(([name, tokens]) => `${name} ${tokens.join(' ')} \n`)
  return new TextEncoder().encode(lines.join(''))
}
