import * as z from 'zod'
import { reviewerPattern } from '../abi/baseline.ts'
import { isSymbolName } from '../abi/export.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { sectionName } from '../abi/section-name.ts'
import type { Whitelist } from '../abi/whitelist.ts'
import { requestFence, requestVersion } from './request.ts'

const mostSymbols = 20_000

/** A request that somebody approved. */
export interface ApprovedRequest {
  readonly approvedBy: string
  /** Its symbols, as a list of names in sections. */
  readonly names: Whitelist
}

/**
 * Reads the part that is data of a request for symbols (docs/modules.md), which anybody may have written. What stands
 * around it is for people and is not looked at: it may be the body of the issue that a form of GitHub made.
 *
 * Problems, without a value: `malformed-line` (no such part or several, one in a comment that no reader of the issue sees,
 * anything in it that is not of the form, a symbol twice), `usage` (nobody approved it yet, or somebody else).
 * @param file the name to use in messages
 * @param reviewer who approves it; undefined: whoever the data names
 */
export function parseRequest(
  text: string,
  file: string,
  reviewer?: string,
): Read<ApprovedRequest | undefined> {
  const refuse = (message: string, advice: string, kind: Problem['kind'] = 'malformed-line') => ({
    value: undefined,
    problems: [{ kind, message, place: { file }, advice }],
  })
  const blocks = dataBlocks(text)
  const [block] = blocks
  if (block?.hidden)
    return refuse('The data stands in a comment, where nobody sees it who reads the issue.', formAdvice)
  if (block === undefined || blocks.length > 1) {
    const count = blocks.length === 0 ? 'no block' : `${blocks.length} blocks`
    return refuse(`This file has ${count} of data, ${quote(requestFence)} to the next fence.`, formAdvice)
  }
  const parsed = requestSchema().safeParse(jsonOf(block.text))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue?.path.length ? quote(issue.path.join('.')) : 'The block of data'
    return refuse(`${where} is not as the form has it.`, formAdvice)
  }
  const { approvedBy, symbols } = parsed.data
  const approver = reviewer ?? approvedBy
  if (approver === null) {
    const advice =
      'Whoever may promise symbols removes those that are refused and gives a name with --reviewer.'
    return refuse('Nobody has approved this request.', advice, 'usage')
  }
  if (approvedBy !== null && approvedBy !== approver) {
    const message = `The data says that ${quote(approvedBy)} approved this request, and not ${quote(approver)}.`
    return refuse(
      message,
      'Ask who wrote that. Then write null after "approvedBy", or the same name.',
      'usage',
    )
  }
  const seen = new Set<string>()
  for (const { symbol } of symbols) {
    if (seen.has(symbol)) return refuse(`The symbol ${quote(symbol)} is asked for twice.`, formAdvice)
    seen.add(symbol)
  }
  const nothing = { crc: undefined, module: undefined, type: undefined, namespace: undefined } as const
  const rows = symbols.map(({ symbol, section }) => ({ symbol, section, ...nothing, file, line: 1 }))
  return { value: { approvedBy: approver, names: { file, dialect: 'names', rows } }, problems: [] }
}

const formAdvice = 'Write the request anew with `kabi-gate module request`.'

/** @returns each with whether it stands behind the beginning of a comment that has no end before it */
function dataBlocks(text: string): readonly { readonly text: string; readonly hidden: boolean }[] {
  const blocks: { readonly text: string; readonly hidden: boolean }[] = []
  let lines: string[] | undefined
  let hidden = false
  for (const line of text.split(/\r?\n/)) {
    if (lines === undefined) {
      if (line === requestFence) lines = []
      else if (line.includes('<!--') || line.includes('-->'))
        hidden = line.lastIndexOf('<!--') > line.lastIndexOf('-->')
    } else if (line === '```') {
      blocks.push({ text: lines.join('\n'), hidden })
      lines = undefined
    } else lines.push(line)
  }
  return blocks
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function requestSchema() {
  const symbol = z.strictObject({
    symbol: z.string().max(512).refine(isSymbolName),
    section: z
      .string()
      .max(200)
      .refine((name) => sectionName(`[${name}]`) === name),
  })
  return z.strictObject({
    request: z.literal(requestVersion),
    approvedBy: z.string().regex(reviewerPattern).nullable(),
    symbols: z.array(symbol).min(1).max(mostSymbols),
  })
}
