import { markdownCode, markdownHtml, markdownText } from '../escape.ts'
import { written, type Pen, type Tone, type Words } from '../model/span.ts'

/** Longest name in code. */
const longestCode = 300

const marks: Readonly<Record<Exclude<Tone, 'strong'>, string>> = {
  pass: '✅ ',
  break: '❌ ',
  error: '❌ ',
  overridden: '⚠️ ',
  'no-promise': '',
  breaks: '🔴 ',
  'may-break': '🟡 ',
  'usually-harmless': '🟢 ',
}

/** @param max UTF-16 units of each text that somebody else wrote */
export function markdownPen(max: number): Pen {
  const code = (text: string, most = longestCode) => markdownCode(text, Math.min(max, most))
  return {
    ours: (text) => markdownText(text, Infinity),
    text: (text, most = max) => markdownText(text, Math.min(most, max)),
    prose: (text) => markdownText(text, max),
    code,
    patch: (line) => code(line),
    arrow: '→',
    tone: (tone, shown) => (tone === 'strong' ? `**${shown}**` : `${marks[tone]}${shown}`),
    cause: (_, shown) => shown,
    link: (address, shown) =>
      /^https?:\/\/[\w.:/#?=&%-]+$/.test(address)
        ? `[${shown || pageName(address)}](${address})`
        : `${shown} ${markdownText(address, max)}`.trim(),
  }
}

/** The page that an address ends in. */
function pageName(address: string): string {
  return markdownText(address.slice(address.lastIndexOf('/') + 1))
}

/** Words between the tags of a summary, where Markdown resolves no backslash. */
export function summaryWords(words: Words, max: number): string {
  const plain = (text: string) => markdownHtml(text, max)
  return written(words, {
    ...markdownPen(max),
    ours: (text) => markdownHtml(text, Infinity),
    text: plain,
    prose: plain,
    code: plain,
    patch: plain,
  })
}
