/** Cuts a text into lines, without their LF or CR LF. After a final newline there is one more, empty line. */
export function textLines(text: string): readonly string[] {
  const lines = text.split('\n')
  return text.includes('\r') ? lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) : lines
}
