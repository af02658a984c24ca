/** A word of a command line with its quotes taken away. */
interface ShellWord {
  readonly text: string
  /** It holds an expansion (`$x`, `$(x)`, a backtick) outside of single quotes, so `text` is not what a shell would use. */
  readonly expands: boolean
}

/** One program call of a command line. */
export interface ShellCommand {
  readonly words: readonly ShellWord[]
  /** Its standard input is the output of the command before it, or of the group that ends there. */
  readonly piped: boolean
}

/** Words that stand before a command without being a part of it (POSIX, 2.4 and 2.9.4). */
const reserved = new Set(['!', '{', '}', 'if', 'then', 'else', 'elif', 'fi', 'while', 'until', 'do', 'done'])

/** What ends a plain run of characters: white space, quotes, operators, expansions. */
const special = /[\s'"\\$`;&|<>()]/g

/**
 * Splits one line of shell into its simple commands, in order, without running anything. Groups are opened, redirections
 * and comments are dropped, nothing is expanded. Source of the syntax: POSIX.1-2017, XCU 2.2, 2.3 and 2.10.
 * @returns undefined when a quotation does not end on this line.
 */
export function shellCommands(line: string): readonly ShellCommand[] | undefined {
  const commands: ShellCommand[] = []
  let words: ShellWord[] = []
  let piped = false
  /** The next word is the target of a redirection. */
  let redirected = false
  let at = 0
  const endCommand = (operator: string): void => {
    if (words.length > 0) commands.push({ words, piped })
    // `a | { b; c; }` pipes into the group; only its first command is marked.
    if (words.length > 0 || operator === '|') piped = operator === '|'
    words = []
    redirected = false
  }
  while (at < line.length) {
    const char = line.charAt(at)
    if (char === ' ' || char === '\t' || char === '\n' || char === '\r') {
      at++
    } else if (char === '#') {
      at = line.length
    } else if (char === '<' || char === '>') {
      at = skipRedirection(line, at)
      redirected = true
    } else if (';&|()'.includes(char)) {
      const operator = line.startsWith(char + char, at) ? char + char : char
      at += operator.length
      endCommand(operator)
    } else {
      const word = readWord(line, at)
      if (!word) return undefined
      at = word.end
      const descriptor = /^\d+$/.test(word.text) && (line.charAt(at) === '<' || line.charAt(at) === '>')
      if (redirected) redirected = false
      else if (!descriptor && !(words.length === 0 && reserved.has(word.text))) {
        words.push({ text: word.text, expands: word.expands })
      }
    }
  }
  endCommand(';')
  return commands
}

/** `>`, `>>`, `<`, `<<`, `>&`, `<>` and so on; gives the place behind it. */
function skipRedirection(line: string, at: number): number {
  let end = at + 1
  while (end < line.length && '<>&|'.includes(line.charAt(end))) end++
  return end
}

interface ReadWord extends ShellWord {
  readonly end: number
}

function readWord(line: string, start: number): ReadWord | undefined {
  let text = ''
  let expands = false
  let at = start
  while (at < line.length) {
    special.lastIndex = at
    const stop = special.exec(line)?.index ?? line.length
    text += line.slice(at, stop)
    at = stop
    const char = line.charAt(at)
    if (char === "'") {
      const end = line.indexOf("'", at + 1)
      if (end < 0) return undefined
      text += line.slice(at + 1, end)
      at = end + 1
    } else if (char === '"') {
      const quoted = readDoubleQuoted(line, at + 1)
      if (!quoted) return undefined
      text += quoted.text
      expands ||= quoted.expands
      at = quoted.end
    } else if (char === '\\') {
      text += line.charAt(at + 1)
      at += 2
    } else if (char === '$' || char === '`') {
      text += char
      expands = true
      at++
    } else break
  }
  return { text, expands, end: Math.min(at, line.length) }
}

function readDoubleQuoted(line: string, start: number): ReadWord | undefined {
  let text = ''
  let expands = false
  for (let at = start; at < line.length; at++) {
    const char = line.charAt(at)
    if (char === '"') return { text, expands, end: at + 1 }
    if (char === '\\' && '$`"\\'.includes(line.charAt(at + 1)) && at + 1 < line.length)
      text += line.charAt(++at)
    else {
      if (char === '$' || char === '`') expands = true
      text += char
    }
  }
  return undefined
}
