import { StringDecoder } from 'node:string_decoder'

/** In UTF-16 units. A line above it is handed on in pieces, so that output without line ends takes no memory. */
export const longestLine = 65_536

interface LineSplitter {
  /** Takes the next bytes of the output. */
  readonly push: (chunk: Buffer) => void
  /** Hands on what is left when the output does not end with a line end. */
  readonly end: () => void
}

/** Cuts output into lines without their line ends, wherever its chunks begin and end. */
export function lineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const take = (text: string): void => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) pieces(line.endsWith('\r') ? line.slice(0, -1) : line, onLine)
    while (rest.length > longestLine) {
      onLine(rest.slice(0, longestLine))
      rest = rest.slice(longestLine)
    }
  }
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end())
      if (rest !== '') onLine(rest)
      rest = ''
    },
  }
}

function pieces(line: string, onLine: (line: string) => void): void {
  for (let at = 0; at === 0 || at < line.length; at += longestLine) onLine(line.slice(at, at + longestLine))
}
