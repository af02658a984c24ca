/** How a piece of text is meant to look: the colour, the mark or the badge of a writer. */
export type Tone =
  | 'pass'
  | 'break'
  | 'error'
  | 'overridden'
  | 'no-promise'
  | 'breaks'
  | 'may-break'
  | 'usually-harmless'
  | 'strong'

/**
 * A piece of a sentence. A string is ours; what somebody else wrote is marked as text or code, and a writer shortens and escapes
 * it in the way of its format. `prose` may be long. `arrow` stands between a value before and after.
 */
export type Span =
  | string
  | { readonly text: string; readonly max?: number }
  | { readonly prose: string }
  | { readonly code: string; readonly max?: number }
  | { readonly patch: string }
  | { readonly arrow: true }
  | { readonly tone: Tone; readonly words: Words }
  | { readonly cause: number; readonly words: Words }
  | { readonly link: string; readonly words: Words }

export type Words = readonly Span[]

/** Words with other words, spans and numbers between them. */
export function say(texts: TemplateStringsArray, ...values: readonly (Words | Span | number)[]): Words {
  const words: Span[] = []
  texts.forEach((text, index) => {
    const value = values[index]
    if (text !== '') words.push(text)
    if (value !== undefined) words.push(...asWords(value))
  })
  return words
}

function asWords(value: Words | Span | number): Words {
  if (typeof value === 'number') return [String(value)]
  return isWords(value) ? value : value === '' ? [] : [value]
}

function isWords(value: Words | Span): value is Words {
  return Array.isArray(value)
}

/** Words with a separator between them; empty ones are left out. */
export function join(list: readonly (Words | Span)[], separator: string): Words {
  const filled = list.map(asWords).filter((words) => words.length > 0)
  return filled.flatMap((words, index) => (index === 0 ? words : [separator, ...words]))
}

/** Longest name of a variant that a report shows in full. */
const longestVariant = 100

export const text = (untrusted: string): Span => ({ text: untrusted })
export const prose = (untrusted: string): Span => ({ prose: untrusted })
export const code = (untrusted: string): Span => ({ code: untrusted })
export const variantName = (name: string): Span => ({ text: name, max: longestVariant })
export const variantCode = (name: string): Span => ({ code: name, max: longestVariant })
export const arrow: Span = { arrow: true }

/** How a writer shows the spans of words; each takes what somebody else wrote and makes it safe. */
export interface Pen {
  readonly ours: (text: string) => string
  readonly text: (text: string, max: number | undefined) => string
  readonly prose: (text: string) => string
  readonly code: (text: string, max: number | undefined) => string
  /** A line of a patch, `+ int a;` or `- int a;`. */
  readonly patch: (line: string) => string
  readonly arrow: string
  readonly tone: (tone: Tone, shown: string) => string
  /** A name that belongs to the cause with this number. */
  readonly cause: (number: number, shown: string) => string
  readonly link: (address: string, shown: string) => string
}

/** Words as one string, shown by a pen. */
export function written(words: Words, pen: Pen): string {
  let shown = ''
  for (const span of words) shown += spanBy(span, pen)
  return shown
}

function spanBy(span: Span, pen: Pen): string {
  if (typeof span === 'string') return pen.ours(span)
  if ('text' in span) return pen.text(span.text, span.max)
  if ('prose' in span) return pen.prose(span.prose)
  if ('code' in span) return pen.code(span.code, span.max)
  if ('patch' in span) return pen.patch(span.patch)
  if ('arrow' in span) return pen.arrow
  const shown = written(span.words, pen)
  if ('tone' in span) return pen.tone(span.tone, shown)
  if ('cause' in span) return pen.cause(span.cause, shown)
  return pen.link(span.link, shown)
}
