/**
 * A smallest part of a list, by inclusion, that is enough for something, in about as many tries as it has members times the
 * logarithm of the list's length (QuickXplain, Junker 2004).
 * @param suffices true for the whole list, and for every list that holds one for which it is true
 */
export function fewest<Item>(
  all: readonly Item[],
  suffices: (some: readonly Item[]) => boolean,
): readonly Item[] {
  const search = (known: readonly Item[], grown: boolean, rest: readonly Item[]): readonly Item[] => {
    if (grown && suffices(known)) return []
    if (rest.length < 2) return rest
    const middle = rest.length >> 1
    const [first, second] = [rest.slice(0, middle), rest.slice(middle)]
    const ofSecond = search([...known, ...first], true, second)
    const ofFirst = search([...known, ...ofSecond], ofSecond.length > 0, first)
    return [...ofFirst, ...ofSecond]
  }
  return suffices([]) ? [] : search([], false, all)
}
