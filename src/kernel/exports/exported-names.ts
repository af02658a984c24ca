/** An export as genksyms sees it in preprocessed text. */
export interface ExportedName {
  readonly symbol: string
  /** Where the macro stands, by the line markers of the preprocessor. */
  readonly file: string
  readonly line: number
}

const call = /^\(\s*([A-Za-z_.$][\w.$]*)\s*\)/
const oldKeyword = /^EXPORT_(?:UNUSED_)?SYMBOL(?:_GPL(?:_FUTURE)?)?$/
const newKeyword = '__GENKSYMS_EXPORT_SYMBOL'

/**
 * Lists the exports in text that was preprocessed with `-D__GENKSYMS__`. In text with the keyword of Linux 5.0 and later
 * the old ones mean nothing, as for genksyms itself (scripts/genksyms/keywords.c).
 */
export function exportedNames(text: Buffer): readonly ExportedName[] {
  const keyword = text.includes(newKeyword) ? newKeyword : 'EXPORT_'
  const names: ExportedName[] = []
  for (let at = text.indexOf(keyword); at >= 0; at = text.indexOf(keyword, at + keyword.length)) {
    if (isWordByte(text[at - 1])) continue
    const end = endOfWord(text, at)
    const word = text.toString('latin1', at, end)
    if (word !== newKeyword && !oldKeyword.test(word)) continue
    const symbol = call.exec(text.toString('latin1', end, end + 600).trimStart())?.[1]
    if (symbol === undefined) continue
    names.push({ symbol, ...placeOf(text, at) })
  }
  return names
}

/** The word by which an export is told to the genksyms that reads this text. */
export function genksymsKeyword(text: Buffer): string {
  return text.includes(newKeyword) ? newKeyword : 'EXPORT_SYMBOL'
}

function endOfWord(text: Buffer, start: number): number {
  let end = start
  while (isWordByte(text[end])) end++
  return end
}

function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false
  return (
    (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 97 && byte <= 122)
  )
}

/** Finds the marker `# LINE "FILE" FLAGS` before a place and counts lines from there. */
export function placeOf(text: Buffer, at: number): { readonly file: string; readonly line: number } {
  let before = at
  for (;;) {
    const start = text.lastIndexOf('\n# ', before)
    if (start < 0) return { file: '', line: 0 }
    const end = text.indexOf('\n', start + 1)
    const marker = /^# (\d+) "((?:[^"\\]|\\.)*)"/.exec(text.toString('utf8', start + 1, end))
    if (!marker || end > at) {
      before = start - 1
      continue
    }
    let line = Number(marker[1])
    for (let next = text.indexOf('\n', end + 1); next >= 0 && next < at; next = text.indexOf('\n', next + 1))
      line++
    return { file: (marker[2] ?? '').replace(/\\(.)/g, '$1'), line }
  }
}
