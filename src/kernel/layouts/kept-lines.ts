/**
 * What stands in place of a part of preprocessed text that is left out, so that what follows keeps its file and its line: as
 * many line ends, or the last line marker of the part and the line ends behind that.
 */
export function keptLines(part: string): string {
  const markers: string[] = []
  let count = 0
  for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', at + 1)) {
    count++
    if (part[at + 1] !== '#') continue
    const end = part.indexOf('\n', at + 1)
    if (end < 0) break
    const line = part.slice(at + 1, end)
    if (!isMarker.test(line)) continue
    markers.push(line)
    // A marker tells the line that follows it: its own end does not count.
    count = -1
  }
  const last = markers.at(-1)
  if (last === undefined) return '\n'.repeat(count)
  const kept = areInOneFile(markers) ? [withoutMove(last)] : markers
  return `\n${kept.join('\n')}\n${'\n'.repeat(count)}`
}

const isMarker = /^#(?:line)?[ \t]*\d/

/**
 * Whether they leave every file that they enter and no other. Otherwise a function begins in one file and ends in another, and
 * a compiler has to see each step, or it takes later markers for wrong.
 */
function areInOneFile(markers: readonly string[]): boolean {
  let depth = 0
  for (const marker of markers) {
    const flags = flagsOf(marker)
    if (flags.includes(enters)) depth++
    if (flags.includes(leaves) && --depth < 0) return false
  }
  return depth === 0
}

const [enters, leaves] = ['1', '2']

function flagsOf(marker: string): readonly string[] {
  return marker
    .slice(marker.lastIndexOf('"') + 1)
    .trim()
    .split(' ')
}

/** Without the flag that a file was left: it asks for one that was entered, and that marker is gone. */
function withoutMove(marker: string): string {
  const end = marker.lastIndexOf('"') + 1
  if (end === 0) return marker
  const flags = flagsOf(marker).filter((flag) => flag !== leaves && flag !== '')
  return [marker.slice(0, end), ...flags].join(' ')
}
