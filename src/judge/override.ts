import type { Read } from '../problem/problem.ts'
import type { Override } from './verdict.ts'
import { visibleLength, visibleText } from './visible-text.ts'

/** A shorter reason tells the reader of an audit nothing. */
const shortestReason = 10

/** The disable flag as somebody gave it. */
export interface OverrideRequest {
  readonly disable: boolean
  readonly reason: string
  /** Who asks: a user name. */
  readonly by: string
}

/**
 * Accepts or refuses the disable flag: it needs a reason of at least ten characters, and a reason without the flag is
 * refused as well, because its author believes that the check is off.
 */
export function acceptOverride({ disable, reason, by }: OverrideRequest): Read<Override | undefined> {
  const text = visibleText(reason)
  if (!disable && text === '') return { value: undefined, problems: [] }
  if (!disable)
    return refuse(
      'a reason was given, but the kABI check was not disabled',
      'Add the flag, or leave out the reason.',
    )
  if (visibleLength(text) >= shortestReason) return { value: { reason: text, by }, problems: [] }
  return refuse(
    `disabling the kABI check needs a reason of at least ${shortestReason} characters, found ${text === '' ? 'none' : JSON.stringify(text)}`,
    'Say why the check is disabled; the reason stands in every report.',
  )
}

function refuse(message: string, advice: string): Read<undefined> {
  return { value: undefined, problems: [{ kind: 'usage', message, advice }] }
}
