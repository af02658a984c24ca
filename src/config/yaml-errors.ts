import type { YAMLError } from 'yaml'

/** What a syntax error means for who wrote the file. */
interface SyntaxText {
  readonly message: string
  readonly advice: string
}

interface Translation extends SyntaxText {
  readonly code: YAMLError['code']
  /** Distinguishes errors of one code by the parser's own message. */
  readonly when?: RegExp
}

const nesting: SyntaxText = {
  message: 'A key and its value stand where no further key can be.',
  advice:
    'Check the indentation of this line and the next; put a text that holds ": " or ends in ":" in quotes.',
}

const indentation: SyntaxText = {
  message: 'The indentation does not fit the lines above.',
  advice: 'Give keys of one map, and items of one list, the same number of leading spaces.',
}

const translations: readonly Translation[] = [
  {
    code: 'TAB_AS_INDENT',
    message: 'A tab is used for indentation, where YAML allows only spaces.',
    advice: 'Replace the tab with spaces.',
  },
  {
    code: 'MULTIPLE_DOCS',
    message: 'The file holds a second YAML document.',
    advice: 'Keep one document: remove the separator ("---" or "...") and what does not belong.',
  },
  {
    code: 'NON_STRING_KEY',
    message: 'A list or a map is used as a key.',
    advice: 'Check the indentation; a key is a word followed by a colon.',
  },
  {
    code: 'MISSING_CHAR',
    when: /followed by map values/,
    message: 'There is no colon with a space behind it after this key.',
    advice: 'Write KEY: VALUE, or check the indentation if this continues the line above.',
  },
  {
    code: 'MISSING_CHAR',
    when: /quote/,
    message: 'A text in quotes has no closing quote.',
    advice: 'Close the quote at the end of the text.',
  },
  {
    code: 'MISSING_CHAR',
    when: /\[|\{|\]|\}|,/,
    message: 'A list in [ ] or a map in { } is not closed, or lacks a comma.',
    advice: 'Separate the items with commas and close the bracket.',
  },
  {
    code: 'BAD_INDENT',
    when: /^Flow/,
    message: 'A list in [ ] or a map in { } is not closed above this line.',
    advice: 'Close the bracket, or indent this line if it belongs inside.',
  },
  { code: 'BAD_INDENT', ...indentation },
  { code: 'BLOCK_IN_FLOW', ...indentation },
  { code: 'BLOCK_AS_IMPLICIT_KEY', when: /sequence/, ...indentation },
  { code: 'BLOCK_AS_IMPLICIT_KEY', ...nesting },
  { code: 'MULTILINE_IMPLICIT_KEY', ...nesting },
  {
    code: 'BAD_SCALAR_START',
    message: 'A text without quotes cannot start with this character.',
    advice: 'Put the text in quotes.',
  },
  {
    code: 'BAD_DQ_ESCAPE',
    message: 'A text in double quotes has a backslash that YAML does not know.',
    advice: 'Use single quotes, in which a backslash is only a backslash.',
  },
  {
    code: 'TAG_RESOLVE_FAILED',
    message: 'A tag (a word that starts with "!") is used, which means nothing here.',
    advice: 'Remove the tag, or put a text that starts with "!" in quotes.',
  },
  {
    code: 'RESOURCE_EXHAUSTION',
    message: 'The file is nested too deeply.',
    advice: 'A configuration has few levels; check that this is the right file.',
  },
]

/** Puts an error or a warning of the YAML parser in plain words. */
export function syntaxText({ code, message }: Pick<YAMLError, 'code' | 'message'>): SyntaxText {
  const found = translations.find((entry) => entry.code === code && (entry.when?.test(message) ?? true))
  return (
    found ?? {
      message: `This is not valid YAML: ${message}.`,
      advice: 'Correct the syntax; an editor with YAML support shows the same error.',
    }
  )
}
