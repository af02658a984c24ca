/** A value as JSON, pretty-printed, with a final newline; escapes keep a log harmless that shows the text. */
export function printJson(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2)
  return json.replace(unsafeInLog, unicodeEscapes).replaceAll('##[', '#\\u0023[') + '\n'
}

/** What `JSON.stringify` leaves as it is although a terminal acts on it or shows nothing. */
const unsafeInLog = /[\u007f-\u009f\u2028\u2029]|[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

function unicodeEscapes(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return '\\u' + character.charCodeAt(index).toString(16).padStart(4, '0')
  }).join('')
}
