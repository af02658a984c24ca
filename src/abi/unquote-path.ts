const escapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
}

/**
 * Reads a path as git quotes it in C's manner, from its opening to its closing quotation mark: `"a/na\303\257ve.h"`. Any
 * other text is a path as it stands. Bytes are read as UTF-8.
 * @returns undefined for one that is not quoted properly
 */
export function unquotePath(text: string): string | undefined {
  if (!text.startsWith('"')) return text
  const [whole, inner] = /^"((?:[^"\\]|\\(?:[abtnvfr"\\]|[0-3][0-7]{2}))*)"/.exec(text) ?? []
  if (whole !== text || inner === undefined) return undefined
  const bytes: number[] = []
  const encoder = new TextEncoder()
  for (const [piece, octal, letter] of inner.matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/g)) {
    if (octal !== undefined) bytes.push(parseInt(octal, 8))
    else if (letter !== undefined) bytes.push(escapes[letter] ?? 0)
    else bytes.push(...encoder.encode(piece))
  }
  return new TextDecoder().decode(Uint8Array.from(bytes))
}
