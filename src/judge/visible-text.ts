/**
 * What a person sees of a text: without the characters that show nothing, such as zero-width spaces, fillers, marks of direction
 * and the blank of Braille, and with single spaces.
 */
export function visibleText(text: string): string {
  return text
    .replace(/[\s\u2800]+/g, ' ')
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/ +/g, ' ')
    .trim()
}

/** How many characters of a text a person sees; accents and the like, of which any number fits on a letter, do not count. */
export function visibleLength(text: string): number {
  return Array.from(visibleText(text).replace(/\p{M}/gu, '')).length
}
