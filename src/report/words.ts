/** Makes somebody else's text safe for the form of report at hand. */
export type Escape = (untrusted: string) => string

/** `1 symbol`, `3 symbols`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** ` and 3 more`, behind the names that are shown; empty where all are. */
export function andMore(left: number): string {
  return left > 0 ? ` and ${left} more` : ''
}

/** `2 of 10 variants`, `all 10 variants`, `both variants`. */
export function partOfVariants(some: number, all: number): string {
  if (some < all) return `${some} of ${all} variants`
  return all === 2 ? 'both variants' : `all ${all} variants`
}

/** A sentence with a capital letter in front. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

/** The same title inside of a sentence. */
export function uncapital(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1)
}
