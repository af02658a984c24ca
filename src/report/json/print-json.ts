/** A value as JSON, pretty-printed, with a final newline; escapes keep a log harmless that shows the text. */
export function printJson(value: unknown): string {
  return harmless(JSON.stringify(value, undefined, 2)) + '\n'
}

/** A value as JSON on one line, with the same escapes. */
export function jsonLine(value: unknown): string {
  return harmless(JSON.stringify(value))
}

function harmless(json: string): string {
  const plain = onlyAscii.test(json) ? json : json.replace(unsafeInLog, unicodeEscapes)
  return plain.replaceAll('##[', '#\\u0023[')
}

const onlyAscii = /^[\n -~]*$/

/** What `JSON.stringify` leaves as it is although a terminal acts on it or shows nothing. */
const unsafeInLog = /[\u007f-\u009f\u2028\u2029]|[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

function unicodeEscapes(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return '\\u' + character.charCodeAt(index).toString(16).padStart(4, '0')
  }).join('')
}

/** Some fields of an object, in this order and every one of them: what does not apply is `null`. */
export function fields<T extends object, Key extends keyof T>(from: T, ...keys: readonly Key[]) {
  const values = keys.map((key) => [key, from[key] ?? null] as const)
  return Object.fromEntries(values) as { [K in Key]: Exclude<T[K], undefined> | null }
}
