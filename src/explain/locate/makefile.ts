/** Values of options, without those that are not set: `y`, `m`, or another value as in a .config. */
export type OptionValue = (option: string) => string | undefined

/** What a Makefile is read with. */
interface MakeReading {
  readonly option: OptionValue
  /** Variables that are known from the start: `srctree`, `src`, `SRCARCH`. */
  readonly variables: ReadonlyMap<string, string>
  /** The text of an included file, by its path from the top of the tree. */
  readonly included: (file: string) => string | undefined
}

/** The variables that a Makefile sets, expanded when they are asked for. */
export interface MakeVariables {
  readonly names: () => Iterable<string>
  readonly words: (name: string) => readonly string[]
  /** All words that a variable ever had: the top Makefile makes its lists of folders into lists of archives at the end. */
  readonly everWords: (name: string) => readonly string[]
}

/** The state of conditionals: the branch that is read, and whether another was taken. */
interface Branch {
  live: boolean
  done: boolean
}

const mostDepth = 20

/**
 * Reads the variables of a kbuild Makefile. Rules are passed over. A condition about what is not known here takes both
 * branches, and adds to a variable instead of setting it: more may seem to be built than is, never less.
 */
export function readMakefile(text: string, reading: MakeReading): MakeVariables {
  const variables = new Assigned(reading.variables)
  readInto(variables, text, reading, 0)
  const known = new Map<string, readonly string[]>()
  const expandedWords = (value: string): readonly string[] =>
    wordsOf(expand(value, variables, reading, 0).text)
  return {
    names: () => variables.keys(),
    words: (name) => {
      const words = known.get(name) ?? expandedWords(variables.get(name) ?? '')
      known.set(name, words)
      return words
    },
    everWords: (name) => expandedWords(variables.ever.get(name)?.join(' ') ?? ''),
  }
}

/** Values of variables, and all that were assigned to each. */
class Assigned extends Map<string, string> {
  readonly ever = new Map<string, string[]>()
  /** Those whose value depends on something that is not known here. */
  readonly doubtful = new Set<string>()
  assign(name: string, value: string, whole: string): void {
    this.set(name, whole)
    this.ever.set(name, [...(this.ever.get(name) ?? []), value])
  }
}

function readInto(variables: Assigned, text: string, reading: MakeReading, depth: number): void {
  const branches: (Branch & { readonly sure: boolean })[] = []
  let inDefine = false
  let inRule = false
  for (const line of makeLines(text)) {
    if (inDefine || /^\s*define\b/.test(line)) {
      inDefine = !/^\s*endef\b/.test(line)
      continue
    }
    if (branch(line, branches, variables, reading)) continue
    if (line.trim() === '' || branches.some(({ live }) => !live)) continue
    // A line that begins with a tab belongs to the rule above it, if there is one.
    if (inRule && line.startsWith('\t')) continue
    inRule = isRule(line)
    const [, list] = /^\s*-?include\s+(.*)$/.exec(line) ?? []
    if (list !== undefined) {
      if (depth >= mostDepth) continue
      for (const file of expand(list, variables, reading, 0).text.split(/\s+/)) {
        const other = reading.included(file.replace(/^(?:\.?\/)+/, ''))
        if (other !== undefined) readInto(variables, other, reading, depth + 1)
      }
      continue
    }
    assign(
      line,
      variables,
      reading,
      branches.every(({ sure }) => sure),
    )
  }
}

function isRule(line: string): boolean {
  return !assignment.test(line) && /^[^=]*:/.test(line)
}

const assignment =
  /^\s*(?:(?:export|override)\s+)*((?:[^\s:=+?!#(){}$]|\$[({](?:[^()={}]|\([^()]*\))*[)}])+)\s*(::?:?|\+|\?)?=\s*(.*)$/

function assign(line: string, variables: Assigned, reading: MakeReading, sure: boolean): void {
  const [, left = '', operator = '', value = ''] = assignment.exec(line) ?? []
  if (left === '') return
  const name = expand(left, variables, reading, 0).text
  const old = variables.get(name)
  const immediate = operator.startsWith(':') ? expand(value, variables, reading, 0) : undefined
  const now = immediate ? immediate.text : value
  if (!sure || immediate?.known === false) variables.doubtful.add(name)
  if (operator === '?' && old !== undefined) return
  const adds = operator === '+' || !sure
  // One that names itself would never end.
  const safe = operator === '' && now.includes(`$(${name})`) ? '' : now
  variables.assign(name, safe, adds && old !== undefined ? `${old} ${safe}` : safe)
}

/** Reads a conditional directive; false for any other line. */
function branch(
  line: string,
  branches: (Branch & { sure: boolean })[],
  variables: Assigned,
  reading: MakeReading,
): boolean {
  const [, otherwise, word, rest = ''] =
    /^\s*(else\b)?\s*(ifeq|ifneq|ifdef|ifndef|endif)?\b\s*(.*)$/.exec(line) ?? []
  if (otherwise === undefined && word === undefined) return false
  if (word === 'endif') {
    branches.pop()
    return true
  }
  const taken = word === undefined ? true : condition(word, rest, variables, reading)
  const state = { live: taken !== false, done: taken === true, sure: taken !== undefined }
  const top = branches.at(-1)
  if (otherwise === undefined) branches.push(state)
  else if (top?.done) top.live = false
  else if (top) Object.assign(top, state, { sure: top.sure && state.sure })
  return true
}

function condition(
  word: string,
  rest: string,
  variables: Assigned,
  reading: MakeReading,
): boolean | undefined {
  if (word === 'ifdef' || word === 'ifndef') {
    const name = rest.trim()
    const known = name.startsWith('CONFIG_') || (variables.has(name) && !variables.doubtful.has(name))
    if (!known) return undefined
    const value = valueOf(name, variables, reading, 0).text
    return (value !== '') === (word === 'ifdef')
  }
  const [, left = '', right = ''] = /^\(((?:[^(),]|\((?:[^()]|\([^()]*\))*\))*),(.*)\)\s*$/.exec(rest) ??
    /^"([^"]*)"\s+"([^"]*)"/.exec(rest) ??
    /^'([^']*)'\s+'([^']*)'/.exec(rest) ?? [undefined, '$(unknown-here)', '']
  const [a, b] = [expand(left.trim(), variables, reading, 0), expand(right.trim(), variables, reading, 0)]
  if (!a.known || !b.known) return undefined
  return (a.text.trim() === b.text.trim()) === (word === 'ifeq')
}

interface Expanded {
  readonly text: string
  /** False where a variable or a function is not known here. */
  readonly known: boolean
}

function valueOf(name: string, variables: Assigned, reading: MakeReading, depth: number): Expanded {
  if (name.startsWith('CONFIG_'))
    return { text: (reading.option(name) ?? '').replace(/^"(.*)"$/, '$1'), known: true }
  const value = variables.get(name)
  if (value === undefined || depth > mostDepth) return { text: '', known: false }
  const { text, known } = expand(value, variables, reading, depth + 1)
  return { text, known: known && !variables.doubtful.has(name) }
}

function expand(text: string, variables: Assigned, reading: MakeReading, depth: number): Expanded {
  let result = ''
  let known = true
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '$') {
      result += text.charAt(at)
      continue
    }
    const open = text[at + 1]
    if (open === '$') {
      result += '$'
      at++
      continue
    }
    if (open !== '(' && open !== '{') continue
    const end = closing(text, at + 1)
    const one = reference(text.slice(at + 2, end), variables, reading, depth)
    result += one.text
    known &&= one.known
    at = end
  }
  return { text: result, known }
}

function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(' || text[at] === '{') depth++
    else if ((text[at] === ')' || text[at] === '}') && --depth === 0) return at
  }
  return text.length
}

function reference(inner: string, variables: Assigned, reading: MakeReading, depth: number): Expanded {
  if (depth > mostDepth) return { text: '', known: false }
  const [, name, list = ''] = /^([a-z-]+)\s+(.*)$/s.exec(inner) ?? []
  if (name === undefined) {
    const [, variable = '', from, to] = /^([^:]*):([^=]*)=(.*)$/.exec(inner) ?? []
    if (from !== undefined && to !== undefined) {
      const value = valueOf(variable, variables, reading, depth)
      return { ...value, text: patsubst(`%${from}`, `%${to}`, value.text) }
    }
    const whole = expand(inner, variables, reading, depth + 1)
    return valueOf(whole.text.trim(), variables, reading, depth)
  }
  const given = splitArguments(list).map((one) => expand(one, variables, reading, depth + 1))
  const value = functions[name]?.(given.map(({ text }) => text))
  return { text: value ?? '', known: value !== undefined && given.every(({ known }) => known) }
}

function splitArguments(list: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < list.length; at++) {
    if (list[at] === '(' || list[at] === '{') depth++
    else if (list[at] === ')' || list[at] === '}') depth--
    else if (list[at] === ',' && depth === 0) {
      parts.push(list.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, list.slice(from)]
}

const wordsOf = (text = ''): readonly string[] => text.split(/\s+/).filter((word) => word !== '')

/** The functions of make that kbuild files use to say what is built. */
const functions: Readonly<Record<string, (given: readonly string[]) => string>> = {
  subst: ([from = '', to = '', text = '']) => (from === '' ? text : text.replaceAll(from, to)),
  patsubst: ([from = '', to = '', text = '']) => patsubst(from.trim(), to.trim(), text),
  strip: ([text]) => wordsOf(text).join(' '),
  addprefix: ([prefix = '', text]) =>
    wordsOf(text)
      .map((word) => prefix + word)
      .join(' '),
  addsuffix: ([suffix = '', text]) =>
    wordsOf(text)
      .map((word) => word + suffix)
      .join(' '),
  filter: ([patterns, text]) =>
    wordsOf(text)
      .filter((word) => wordsOf(patterns).some((one) => fits(one, word)))
      .join(' '),
  'filter-out': ([patterns, text]) =>
    wordsOf(text)
      .filter((word) => !wordsOf(patterns).some((one) => fits(one, word)))
      .join(' '),
  sort: ([text]) => [...new Set(wordsOf(text))].sort().join(' '),
  if: ([test = '', yes = '', no = '']) => (test.trim() === '' ? no : yes),
  or: (given) => given.find((one) => one.trim() !== '') ?? '',
  and: (given) => (given.some((one) => one.trim() === '') ? '' : (given.at(-1) ?? '')),
}

function fits(pattern: string, word: string): boolean {
  const at = pattern.indexOf('%')
  if (at < 0) return pattern === word
  const [start, end] = [pattern.slice(0, at), pattern.slice(at + 1)]
  return word.length >= start.length + end.length && word.startsWith(start) && word.endsWith(end)
}

function patsubst(from: string, to: string, text: string): string {
  const at = from.indexOf('%')
  return wordsOf(text)
    .map((word) => {
      if (!fits(from, word)) return word
      const stem = at < 0 ? '' : word.slice(at, word.length - (from.length - at - 1))
      return to.replace('%', () => stem)
    })
    .join(' ')
}

/** Lines of a Makefile, continued ones joined, without comments. */
function makeLines(text: string): readonly string[] {
  return text
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(?<!\\)#.*/, '').trimEnd())
}
