import * as z from 'zod'
import { visibleLength } from '../judge/visible-text.ts'

/*
 * In the schemas of the configuration, the text of an `error` says what is expected, so that a message can be made of
 * it: "expected …, found …". For the keys of a map it lists them.
 */

/** A map with these keys and no others. */
export function settings<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : 'a map of settings'),
  })
}

/** Text that matches as a whole. */
export function pattern(regexp: RegExp, expected: string) {
  return z.string({ error: expected }).regex(regexp, { error: expected, abort: true })
}

/** Text on one line, without control characters, of which something is to be seen. */
export function line(expected: string) {
  return pattern(/^[ -~\u0080-\uffff]+$/, expected).refine((text) => visibleLength(text) > 0, {
    error: expected,
  })
}

/** A list with at least one item. */
export function list<Item extends z.ZodType>(item: Item, expected: string) {
  return z.array(item, { error: expected }).min(1, { error: expected })
}

/** What a complaint says beside its message. */
export interface Complaint {
  readonly advice: string
  readonly at: 'key' | 'value'
}

/**
 * Adds a complaint to a refinement: about the value, or about one key of it.
 * @param message continues a sentence that starts with the setting's path
 */
export function complain(
  context: z.core.$RefinementCtx,
  message: string,
  advice: string,
  key?: string,
): void {
  const params: Complaint = { advice, at: key === undefined ? 'value' : 'key' }
  context.addIssue({ code: 'custom', message, path: key === undefined ? [] : [key], params: { ...params } })
}
