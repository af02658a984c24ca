import { htmlText } from '../escape.ts'
import { written, type Pen, type Words } from '../model/span.ts'

const shortest = (text: string, max?: number) => htmlText(text, max)

export const htmlPen: Pen = {
  ours: (text) => htmlText(text, Infinity),
  text: shortest,
  prose: shortest,
  code: (text, max) => `<code>${htmlText(text, max)}</code>`,
  patch: (line) => `<code class="${line.startsWith('+') ? 'add' : 'del'}">${htmlText(line)}</code>`,
  arrow: '→',
  tone: (tone, shown) =>
    tone === 'strong' ? `<b>${shown}</b>` : `<span class="badge ${tone}">${shown}</span>`,
  cause: (number, shown) => `<a href="#cause-${number}">${shown}</a>`,
  link: (address, shown) =>
    /^https?:\/\/[\w.:/~@#?=&%+-]+$/.test(address)
      ? `<a href="${htmlText(address)}" rel="noreferrer">${shown || htmlText(address)}</a>`
      : `${shown} ${htmlText(address)}`.trim(),
}

export function html(words: Words): string {
  return written(words, htmlPen)
}
