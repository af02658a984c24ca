import { say, type Span, type Words } from './span.ts'

/**
 * Where to read on.
 * @param docs where the documentation is; absent: not known, and its files are named as they stand beside kabi-gate
 * @param page with the anchor of a section: `fixing-a-break.md#changed`
 */
export function docsLink(docs: string | undefined, page: string): Span {
  return docs === undefined ? `docs/${page}` : { link: `${docs}/${page}`, words: [] }
}

/** What to do, and the section of docs/fixing-a-break.md that says more. */
export function adviceWords(docs: string | undefined, advice: string, anchor: string): Words {
  return say`${advice} See ${docsLink(docs, `fixing-a-break.md#${anchor}`)}.`
}
