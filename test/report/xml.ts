/** An element of an XML document. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  readonly text: string
}

const name = '[A-Za-z_][\\w.-]*'
const tag = new RegExp(`<(/?)(${name})((?:\\s+${name}="[^"<]*")*)\\s*(/?)>`, 'y')

/**
 * Reads an XML 1.0 document as far as a report needs it: elements, attributes in double quotes, text and numeric references.
 * @throws Error for anything that is not well-formed, or that it does not know
 */
export function parseXml(document: string): Element {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n'
  if (!document.startsWith(head)) throw new Error('no XML declaration')
  // Char of the specification: nothing else may stand in a document, not even as a reference.
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(document))
    throw new Error('a character that XML has not')
  const open: { name: string; attributes: Record<string, string>; children: Element[]; text: string }[] = []
  let root: Element | undefined
  let at = head.length
  while (at < document.length) {
    const next = document.indexOf('<', at)
    const text = document.slice(at, next === -1 ? undefined : next)
    const inside = open.at(-1)
    if (inside) inside.text += unescaped(text)
    else if (text.trim() !== '') throw new Error(`text outside of the document: ${text}`)
    if (next === -1) break
    tag.lastIndex = next
    const [whole, end, element, attributes, empty] = tag.exec(document) ?? []
    if (whole === undefined || element === undefined)
      throw new Error(`no tag: ${document.slice(next, next + 80)}`)
    at = next + whole.length
    if (end === '')
      open.push({ name: element, attributes: attributesOf(attributes ?? ''), children: [], text: '' })
    if (end === '' && empty === '') continue
    const closed = open.pop()
    if (closed?.name !== element) throw new Error(`</${element}> closes ${closed?.name ?? 'nothing'}`)
    const parent = open.at(-1)
    if (parent) parent.children.push(closed)
    else if (root) throw new Error('two documents')
    else root = closed
  }
  if (!root || open.length > 0) throw new Error('the document does not end')
  return root
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, key = '', value = ''] of text.matchAll(new RegExp(`(${name})="([^"]*)"`, 'g'))) {
    if (Object.hasOwn(found, key)) throw new Error(`${key} twice`)
    found[key] = unescaped(value)
  }
  return found
}

function unescaped(text: string): string {
  if (/&(?!#\d+;)|\]\]>/.test(text)) throw new Error(`not escaped: ${text}`)
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}
