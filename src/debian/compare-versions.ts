/**
 * Compares two versions of Debian packages: negative when `a` is the older, 0 when they are the same.
 * @see deb-version(7)
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  return (
    left.epoch - right.epoch ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  )
}

function partsOf(version: string): {
  readonly epoch: number
  readonly upstream: string
  readonly revision: string
} {
  const colon = version.indexOf(':')
  const rest = version.slice(colon + 1)
  const dash = rest.lastIndexOf('-')
  return {
    epoch: colon < 0 ? 0 : Number(version.slice(0, colon)),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  }
}

/** Text and numbers in turn, beginning with text; either may be empty. */
function comparePart(a: string, b: string): number {
  const [left, right] = [a, b].map((part) => [...part.matchAll(/(\D*)(\d*)/g)])
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at++) {
    const [, leftText = '', leftNumber = ''] = left?.[at] ?? []
    const [, rightText = '', rightNumber = ''] = right?.[at] ?? []
    const difference = compareText(leftText, rightText) || Number(leftNumber) - Number(rightNumber)
    if (difference !== 0) return difference
  }
  return 0
}

function compareText(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = weight(a.charAt(at)) - weight(b.charAt(at))
    if (difference !== 0) return difference
  }
  return 0
}

/** `~` comes before the end of the text, the end before letters, letters before everything else. */
function weight(character: string): number {
  if (character === '~') return -1
  if (character === '') return 0
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256
}
