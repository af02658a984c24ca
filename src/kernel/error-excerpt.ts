import type { Stream } from '../processes/run.ts'

const telling = new RegExp(
  [
    '\\berror:|\\bError \\d|\\*\\*\\* |undefined reference to',
    // Kconfig does not say "error": `drivers/Kconfig:16: can't open file "drivers/x/Kconfig"`.
    "^\\S*Kconfig[\\w.-]*:\\d+:(?!\\s*warning:)|^recursive inclusion detected|^can't find file ",
  ].join('|'),
  'i',
)
/** What make prints after the real reason; nothing that follows belongs to it. */
const bookkeeping = /^make(\[\d+\])?: /
const linesAfter = 4
const firstLines = 14
const lastLines = 5
const linesWithoutReason = 10
const longest = 200

interface ErrorExcerpt {
  readonly add: (line: string, stream: Stream) => void
  /** At most twenty lines, oldest first. */
  readonly lines: () => readonly string[]
}

/**
 * Picks from a build's output the lines that tell why it failed: error messages with the lines around them, or else
 * the end of the output. Of many it keeps the first, which are the cause, and the last.
 */
export function errorExcerpt(): ErrorExcerpt {
  const first: string[] = []
  const last: string[] = []
  const recent: string[] = []
  const states = { stdout: newState(), stderr: newState() }
  let left = 0
  let reason = false
  let counted = false
  const keep = (line: string): void => {
    if (first.length < firstLines) first.push(line)
    else if (last.push(line) > lastLines) {
      last.shift()
      left++
    }
  }
  return {
    add: (line, stream) => {
      const text = printable(line)
      if (text.trim() === '') return
      if (recent.push(text) > linesWithoutReason) recent.shift()
      const state = states[stream]
      if (telling.test(text)) {
        // Every make above the one that failed says so too; behind the reason one such line is enough.
        const repeats = bookkeeping.test(text)
        if (repeats && reason && counted) return
        reason ||= !repeats
        counted = repeats
        if (state.previous !== undefined && !bookkeeping.test(text)) keep(state.previous)
        keep(text)
        state.after = bookkeeping.test(text) ? 0 : linesAfter
      } else if (state.after > 0) {
        keep(text)
        state.after--
      } else {
        state.previous = text
        return
      }
      state.previous = undefined
    },
    lines: () => {
      if (first.length === 0) return recent
      return left > 0
        ? [...first, `[${left} more ${left === 1 ? 'line' : 'lines'}]`, ...last]
        : [...first, ...last]
    },
  }
}

function newState(): { previous: string | undefined; after: number } {
  return { previous: undefined, after: 0 }
}

/** Removes terminal sequences and control characters, and shortens a line that is too long to read. */
function printable(line: string): string {
  const text = line
    .slice(0, longest * 4)
    .replace(/\p{Cc}\[[\d;?]*[A-Za-z]/gu, '')
    .replaceAll('\t', ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trimEnd()
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}
