/**
 * Compares two versions, or releases, as rpm does: in pieces of digits and of letters, whatever stands between them. Gives a number below,
 * above or equal to 0. `~` stands before the end of a text, `^` behind it; digits are greater than letters.
 * Source: rpm-version(7) of rpm.
 */
export function compareRpmVersions(a: string, b: string): number {
  if (a === b) return 0
  let [left, right] = [a, b].map(withoutSeparators) as [string, string]
  while (left !== '' || right !== '') {
    const byMark = compareMarks(left, right)
    if (byMark === 'both')
      [left, right] = [left, right].map((one) => withoutSeparators(one.slice(1))) as [string, string]
    else if (byMark !== undefined) return byMark
    else {
      if (left === '' || right === '') break
      const digits = /^\d/.test(left)
      const piece = digits ? /^\d*/ : /^[a-z]*/i
      const [first = '', second = ''] = [left, right].map((one) => piece.exec(one)?.[0])
      // Of two pieces of different kinds the one of digits is the newer.
      if (second === '') return digits ? 1 : -1
      const order = digits ? compareDigits(first, second) : compareTexts(first, second)
      if (order !== 0) return order
      ;[left, right] = [left.slice(first.length), right.slice(second.length)].map(withoutSeparators) as [
        string,
        string,
      ]
    }
  }
  return Math.sign(left.length - right.length)
}

/** Whether one text goes on with `~` or `^` and the other does not, or both do with the same. */
function compareMarks(left: string, right: string): number | 'both' | undefined {
  if (left.startsWith('~') || right.startsWith('~')) {
    if (!left.startsWith('~')) return 1
    return right.startsWith('~') ? 'both' : -1
  }
  if (left.startsWith('^') || right.startsWith('^')) {
    if (left === '') return -1
    if (right === '') return 1
    if (!left.startsWith('^')) return 1
    return right.startsWith('^') ? 'both' : -1
  }
  return undefined
}

function withoutSeparators(text: string): string {
  return text.replace(/^[^a-z\d~^]+/i, '')
}

function compareDigits(a: string, b: string): number {
  const [first, second] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  return first.length === second.length ? compareTexts(first, second) : first.length - second.length
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
