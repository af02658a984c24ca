import type { Verdict } from '../judge/verdict.ts'
import { renderMarkdown } from '../report/markdown/render-markdown.ts'

export const commentModes = ['on-change', 'always', 'on-break', 'never'] as const

/**
 * When a pull request without a comment gets one: `on-change` when there is anything to read, `on-break` when it is not
 * a pass, `always`, `never`. An existing comment is kept up to date by all but `never`.
 */
export type CommentMode = (typeof commentModes)[number]

/** A comment as the API lists it. */
export interface ExistingComment {
  readonly id: number
  readonly author: string
  readonly body: string
  readonly url: string
}

type CommentPlan =
  | { readonly kind: 'create' }
  | { readonly kind: 'update'; readonly id: number }
  /** `url` of the comment that says it already. */
  | { readonly kind: 'none'; readonly url?: string }

/** Decides what has to be done so that the pull request shows the body wanted, and nothing twice. */
export function planComment(
  existing: ExistingComment | undefined,
  wanted: { readonly body: string; readonly mode: CommentMode; readonly verdict: Verdict },
): CommentPlan {
  const { body, mode, verdict } = wanted
  if (mode === 'never') return { kind: 'none' }
  if (!existing) return { kind: asksForComment(verdict, mode) ? 'create' : 'none' }
  const { id, url } = existing
  return asStored(existing.body) === asStored(body) ? { kind: 'none', url } : { kind: 'update', id }
}

function asksForComment(verdict: Verdict, mode: Exclude<CommentMode, 'never'>): boolean {
  if (mode === 'always' || verdict.result !== 'pass') return true
  return mode === 'on-change' && verdict.findings.some(({ severity }) => severity === 'warn')
}

/** The forge may trim a body and change its line ends. */
function asStored(body: string): string {
  return body.replaceAll('\r\n', '\n').trim()
}

/** Whether a first line is the marker of a key, whatever its head. */
export function hasMarker(body: string, key: string): boolean {
  const [first = ''] = body.split(/\r?\n/, 1)
  const prefix = `<!-- kabi-gate key=${key} head=`
  return first.startsWith(prefix) && /^[\da-f]+ -->$/.test(first.slice(prefix.length))
}

/** Makes a key that can stand in a marker. */
export function commentKey(text: string): string {
  return text.replace(/[^\w./]+/g, '-').slice(0, 100) || 'kabi-gate'
}

/** GitHub refuses a comment above 65,536 characters. */
const mostBytes = 60_000

interface CommentAbout {
  readonly key: string
  readonly head: string
  /** Where the run can be looked up; empty where that is not known. */
  readonly runUrl: string
}

/** The comment of a verdict, with its marker on the first line; never above 60,000 bytes of UTF-8. */
export function renderComment(verdict: Verdict, { key, head, runUrl }: CommentAbout): string {
  const marker = `<!-- kabi-gate key=${key} head=${head} -->\n`
  const run = runUrl === '' ? '' : `, [run](${runUrl})`
  const footer = `\n<sub>Commit ${head.slice(0, 12)}${run}</sub>\n`
  const rest = mostBytes - new TextEncoder().encode(marker + footer).length
  // How many seconds a variant took would make every run news.
  return marker + renderMarkdown(verdict, { maxBytes: rest, seconds: false }) + footer
}
