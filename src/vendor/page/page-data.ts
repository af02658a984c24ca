import { htmlText } from '../../report/escape.ts'

/** A whitelist that the checker page offers. */
export interface PageVariant {
  readonly name: string
  /** As in ARCH= of the kernel's Makefile; empty: not known. */
  readonly arch: string
  /** What a person reads beside the name: the kernel it belongs to; may be empty. */
  readonly kernel: string
  /** The text of the whitelist, in any dialect. */
  readonly whitelist: string
}

/** What the checker page is made for. */
export interface PageData {
  /** Whose kernels these are: `Debian 12`. */
  readonly title: string
  /** Where symbols are asked for, an https address; empty: nowhere that is known. */
  readonly ask: string
  /** What the distribution says beside a result. */
  readonly notes: readonly string[]
  readonly variants: readonly PageVariant[]
}

const dataMarks = ['<script type="application/json" id="data">', '</script>'] as const
const askMarks = ['<nav>', '</nav>'] as const

/** The element that holds the data in the page; no text in it can end it. */
export function dataElement(data: PageData): string {
  return dataMarks.join(JSON.stringify(data).replaceAll('<', '\\u003c'))
}

/** The link to where symbols are asked for. */
export function askElement({ ask }: PageData): string {
  const link = `Ask for symbols: <a href="${htmlText(ask)}" rel="noopener noreferrer">${htmlText(ask)}</a>`
  return askMarks.join(ask === '' ? '' : link)
}

/** A document as the value of the attribute `srcdoc`, in double quotes. */
export function frameText(document: string): string {
  return document.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

/** A finished page with other data; undefined for a text that is no such page. */
export function withData(page: string, data: PageData): string | undefined {
  const [start, end] = dataMarks
  const filled = replaced(page, frameText(start), frameText(end), frameText(dataElement(data)))
  return filled === undefined ? undefined : replaced(filled, ...askMarks, askElement(data))
}

/** @param element what comes in the place of the first start, the end behind it, and all between them */
function replaced(page: string, start: string, end: string, element: string): string | undefined {
  const from = page.indexOf(start)
  const to = page.indexOf(end, from)
  return from < 0 || to < 0 ? undefined : page.slice(0, from) + element + page.slice(to + end.length)
}
