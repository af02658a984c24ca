/**
 * Translation phase 2: joins lines that end with a backslash; white space between it and the newline does not count, as for
 * GCC and Clang.
 */
export function joinLines(text: string): string {
  return text.includes('\\') ? text.replace(/\\[ \t\f\v\0]*\r?\n/g, '') : text
}
