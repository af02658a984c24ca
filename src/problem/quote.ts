/** Longest piece of untrusted text that a message repeats, in UTF-16 units. */
const longest = 80

/**
 * Untrusted text made fit for a message: in double quotes, with what a terminal would not show as itself escaped,
 * cut at 80 characters.
 */
export function quote(text: string): string {
  const cut = text.length > longest ? text.slice(0, longest) + '…' : text
  return JSON.stringify(cut).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped)
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'))
    .join('')
}

/** A source line made fit for an excerpt: tabs become one space, other invisible characters `?`. Keeps the length. */
export function printable(line: string): string {
  return line.replace(/\t/g, ' ').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (found) => '?'.repeat(found.length))
}
