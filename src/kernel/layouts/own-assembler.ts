import { endOfLine, endOfWord, isSpace, isWord } from './skip-c.ts'

/** A place where a text could write assembler of its own. */
export interface OwnAssembler {
  /** As the line marker in front of it has it; empty without one. */
  readonly file: string
  readonly line: number
  /** What it is, worded to follow "has". */
  readonly what: string
  /** The beginning of what was found, which anybody may have written. */
  readonly found: string
}

/**
 * Finds what could put text of the source's own into the output of a compiler, and with it debug information. Compilers copy
 * names for the assembler, sections and other attributes as they are, so a line end in one begins a directive. In a text
 * without bodies such names are plain, and whatever is not known to be harmless is found.
 *
 * The same goes for what compilers may read in another way than this does, as a raw string or a comment, because something
 * could hide behind it. Preprocessed kernels have none of it.
 * @param text preprocessed C, without the bodies of functions
 * @returns the first such place; undefined for a text that is safe to compile
 */
export function findOwnAssembler(text: string): OwnAssembler | undefined {
  try {
    passDeclarations(new Tokens(text))
    return undefined
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { start, end, message } = error
    return {
      ...placeOf(text, start),
      what: message,
      found: text.slice(start, Math.min(end, start + longest)),
    }
  }
}

/** Longest piece of a text that is given, in characters. */
const longest = 200

/** Ends the search at the place where something was found. */
class Refusal extends Error {
  readonly start: number
  readonly end: number

  constructor(what: string, start: number, end: number) {
    super(what)
    this.start = start
    this.end = end
  }
}

const [tab, newline, carriageReturn, space, doubleQuote, hash, percent, singleQuote] = [
  0x09, 0x0a, 0x0d, 0x20, 0x22, 0x23, 0x25, 0x27,
]
const [opening, closing, slash, colon, less, question] = [0x28, 0x29, 0x2f, 0x3a, 0x3c, 0x3f]
const [openingBracket, backslash, closingBracket] = [0x5b, 0x5c, 0x5d]

/** The tokens of a text, one after the other, without lines of the preprocessor. */
class Tokens {
  readonly text: string
  /** Of the token: none at first. */
  start = 0
  end = 0

  constructor(text: string) {
    this.text = text
  }

  /** The first character of the token; not a number behind the last one. */
  get code(): number {
    return this.text.charCodeAt(this.start)
  }

  get word(): string {
    return this.text.slice(this.start, this.end)
  }

  /** @returns false behind the last token */
  next(): boolean {
    const { text } = this
    let at = this.end
    for (;;) {
      const code = text.charCodeAt(at)
      if (isSpace(code) && code !== carriageReturn) at++
      else if (code === hash) at = endOfDirective(text, at)
      else break
    }
    this.start = at
    if (at >= text.length) return false
    this.end = endOfToken(text, at)
    return true
  }

  /**
   * Goes on to a token that means something outside of attributes. The text has few of them: this takes a quarter of the time
   * that it takes to look at all.
   */
  nextNotable(): boolean {
    notable.lastIndex = this.end
    const found = notable.exec(this.text)
    if (!found) return false
    this.end = found.index
    return this.next()
  }
}

const notable = new RegExp(
  [
    // Quotations, lines of the preprocessor, and what `endOfToken` refuses.
    /["'#\\]|[^\t\n\v\f -~]|\/[/*]|<[%:]|%[:>]|:>|\?\?/,
    /\[(?=\s*[[#])|\b(?:_*asm_*\b|__attribute|_Pragma|__pragma|__declspec)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
)

/** What preprocessors leave in their output, and no compiler acts upon with more than alignment, warnings and the like. */
const knownDirective = new RegExp(
  [
    '^# \\d+ "[ !#-\\[\\]-~\\x80-\\xff]*"(?: [1-4])*$',
    '^#pragma pack\\([\\w, ]*\\)$',
    '^#pragma options align=\\w+$',
    '^#pragma (?:GCC|clang) diagnostic (?:push|pop|\\w+ "[\\w=-]+")$',
    '^#pragma GCC visibility (?:push\\(\\w+\\)|pop)$',
    '^#pragma GCC optimize ?\\(?"[\\w=-]+"\\)?$',
  ].join('|'),
)

function endOfDirective(text: string, start: number): number {
  const end = endOfLine(text, start)
  const begins = start === 0 || text.charCodeAt(start - 1) === newline
  if (!begins || !knownDirective.test(text.slice(start, end)))
    throw new Refusal('a line of the preprocessor that is not understood', start, end)
  return end
}

/** Characters that compilers read in another way where these follow: comments, and brackets and more in other letters. */
const pairs: ReadonlyMap<number, string> = new Map([
  [slash, '/*'],
  [less, '%:'],
  [percent, ':>'],
  [colon, '>'],
  [question, '?'],
])

function endOfToken(text: string, start: number): number {
  const code = text.charCodeAt(start)
  if (code === doubleQuote || code === singleQuote) return endOfQuotation(text, start)
  if (code < space || code > 126 || code === backslash || pairs.get(code)?.includes(text[start + 1] ?? '.'))
    throw new Refusal('a character that does not belong there', start, endOfLine(text, start))
  return isWord(code) ? endOfAsciiWord(text, start) : start + 1
}

/** Clang takes some spaces of other scripts, which look like letters here. */
function endOfAsciiWord(text: string, start: number): number {
  const end = endOfWord(text, start)
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) > 126)
      throw new Refusal('a character that does not belong there', start, endOfLine(text, start))
  }
  return end
}

const wide: ReadonlySet<string> = new Set(['L', 'u', 'U', 'u8'])

/** Behind a string or character constant that is one for every compiler. */
function endOfQuotation(text: string, start: number): number {
  const mark = text.charCodeAt(start)
  if (isWord(text.charCodeAt(start - 1))) refuseOtherPrefix(text, start)
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === mark) return at + 1
    if (code === backslash) at++
    else if (code === question && text.startsWith('??/', at)) break
    if (text.charCodeAt(at) < space && text.charCodeAt(at) !== tab) break
  }
  throw new Refusal('a text without an end', start, endOfLine(text, start))
}

/** A word before a quotation makes it a raw string, or the quotation is a mark within a number such as `1'000`. */
function refuseOtherPrefix(text: string, quotation: number): void {
  let start = quotation
  while (isWord(text.charCodeAt(start - 1))) start--
  if (wide.has(text.slice(start, quotation)) && !'.+-'.includes(text[start - 1] ?? ' ')) return
  throw new Refusal('a quotation at a word', start, endOfLine(text, start))
}

const keywords: ReadonlyMap<string, 'asm' | 'attributes' | 'other'> = new Map([
  ...(['asm', '__asm__', '__asm', '_asm'] as const).map((word) => [word, 'asm'] as const),
  ...(['__attribute__', '__attribute'] as const).map((word) => [word, 'attributes'] as const),
  ...(['__declspec', '_Pragma', '__pragma'] as const).map((word) => [word, 'other'] as const),
])

function passDeclarations(tokens: Tokens): void {
  while (tokens.nextNotable()) {
    if (tokens.code !== openingBracket) passWord(tokens)
    else if (tokens.next() && tokens.code === openingBracket) passAttributes(tokens, closingBracket)
    else tokens.end = tokens.start
  }
}

function passWord(tokens: Tokens): void {
  const { start } = tokens
  const keyword = keywords.get(tokens.word)
  if (keyword === 'asm') passAsm(tokens)
  else if (keyword === 'other') throw notUnderstood(tokens, start)
  else if (keyword === 'attributes') {
    if (!tokens.next() || tokens.code !== opening) throw notUnderstood(tokens, start)
    if (!tokens.next() || tokens.code !== opening) throw notUnderstood(tokens, start)
    passAttributes(tokens, closing)
  }
}

function notUnderstood({ end }: Tokens, start: number): Refusal {
  return new Refusal('attributes that are not understood', start, end)
}

/** Labels that compilers make for themselves begin with a dot; one of that name would lead their references astray. */
const plainName = /^[\w$][\w.$-]*$/

/** `("name")`, behind a declarator or as a statement; anything else are statements with operands, or belongs into a body. */
function passAsm(tokens: Tokens): void {
  const { start } = tokens
  if (tokens.next() && tokens.code === opening && tokens.next()) {
    const name = passTexts(tokens)
    if (tokens.code === closing && plainName.test(name)) return
  }
  throw new Refusal('assembler that is no plain name', start, tokens.end)
}

/** Passes strings one behind the other and gives what they are together, as it is spelled; then at the token behind. */
function passTexts(tokens: Tokens): string {
  let all = ''
  while (tokens.code === doubleQuote) {
    all += tokens.text.slice(tokens.start + 1, tokens.end - 1)
    if (!tokens.next()) break
  }
  return all
}

/** From the second opening parenthesis or bracket of a list to the second closing one. */
function passAttributes(tokens: Tokens, close: number): void {
  const { start } = tokens
  let name: number | undefined
  while (tokens.next()) {
    const { code } = tokens
    if (code === close) {
      if (tokens.next() && tokens.code === close) return
      break
    }
    if (code === doubleQuote) break
    if (code === opening) {
      if (name === undefined) break
      passArguments(tokens, name)
    }
    name = isWord(code) ? tokens.start : undefined
  }
  throw notUnderstood(tokens, start)
}

/** Attributes with a text for people, which no compiler gives to the assembler. */
const messages: ReadonlySet<string> = new Set(['error', 'warning', 'deprecated', 'unavailable'])

/**
 * Also with flags and a comment sign, which keeps away what the compiler writes behind it: `.a,\"aw\",@nobits #`. None that
 * debug information is read from, whatever stands before its name.
 */
const plainSection = /^(?!.*\.z?debug)[\w.$+-]+(?:, ?\\"[awx]*\\", ?[@%](?:progbits|nobits) ?(?:#|\/\/|@)?)?$/

/** A comma parts the options of the attribute `target`. */
const plainText = /^[\w-][\w.,$-]*$/

/** @param start of the attribute's name, whose parenthesis the token is */
function passArguments(tokens: Tokens, start: number): void {
  const name = bare(tokens.text.slice(start, endOfWord(tokens.text, start)))
  tokens.next()
  if (name === 'section') {
    const section = passTexts(tokens)
    if (tokens.code === closing && plainSection.test(section)) return
    throw new Refusal('a section whose name is not plain', start, tokens.end)
  }
  if (messages.has(name)) passTexts(tokens)
  let depth = 1
  while (tokens.start < tokens.text.length) {
    const { code } = tokens
    if (code === doubleQuote) {
      if (!plainText.test(passTexts(tokens)))
        throw new Refusal('an attribute whose text is not plain', start, tokens.end)
      continue
    }
    if (code === opening) depth++
    else if (code === closing && --depth === 0) return
    tokens.next()
  }
  throw notUnderstood(tokens, start)
}

/** The name of an attribute may stand between underscores. */
function bare(name: string): string {
  return name.replace(/^__(.*)__$/, '$1')
}

/** Only for what was found: it goes through the text in front of it. */
function placeOf(text: string, at: number): Pick<OwnAssembler, 'file' | 'line'> {
  const before = text.slice(0, at)
  const [marker] = [...before.matchAll(/^# (\d+) "([^"\n]*)".*\n/gm)].slice(-1)
  const start = marker ? marker.index + marker[0].length : 0
  return {
    file: marker?.[2] ?? '',
    line: Number(marker?.[1] ?? 1) + (before.slice(start).match(/\n/g)?.length ?? 0),
  }
}
