/** Symbols that the excerpt of one problem shows. */
const mostShown = 20

/** The lines of an excerpt that names symbols: the first, and how many more there are. */
export function shownOf(symbols: readonly string[]): readonly string[] {
  const more = symbols.length - mostShown
  return [...symbols.slice(0, mostShown), ...(more > 0 ? [`and ${more} more`] : [])]
}
