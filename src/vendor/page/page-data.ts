/** A whitelist that the checker page offers. */
export interface PageVariant {
  readonly name: string
  /** What a person reads beside the name: the kernel it belongs to; may be empty. */
  readonly kernel: string
  /** The text of the whitelist, in any dialect. */
  readonly whitelist: string
}

/** What the checker page is made for. */
export interface PageData {
  /** Of whom the drivers' makers ask: `Debian 12`. */
  readonly title: string
  readonly variants: readonly PageVariant[]
}

const start = '<script type="application/json" id="data">'
const end = '</script>'

/** The element that holds the data in the page; no text in it can end it. */
export function dataElement(data: PageData): string {
  return start + JSON.stringify(data).replaceAll('<', '\\u003c') + end
}

/** A finished page with other data; undefined for a text that is no such page. */
export function withData(page: string, data: PageData): string | undefined {
  const from = page.indexOf(start)
  const to = page.indexOf(end, from)
  return from < 0 || to < 0
    ? undefined
    : page.slice(0, from) + dataElement(data) + page.slice(to + end.length)
}
