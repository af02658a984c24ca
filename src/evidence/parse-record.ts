import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { isMap } from '../config/config-fault.ts'
import { formatVersion, recordSchema, type EvidenceRecord } from './record.ts'

/**
 * Reads `evidence.json`: every key known, every value as the format has it.
 *
 * Problems, without a value: `bad-evidence`; `stale-evidence` for another version of the format.
 * @param file the name to use in messages
 */
export function parseRecord(text: string, file: string): Read<EvidenceRecord | undefined> {
  const refuse = (problem: Omit<Problem, 'place'>): Read<undefined> => ({
    value: undefined,
    problems: [{ ...problem, place: { file } }],
  })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return refuse({ kind: 'bad-evidence', message: 'This is not complete JSON.' })
  }
  if (isMap(content) && typeof content['version'] === 'number' && content['version'] !== formatVersion) {
    const message = `This evidence has version ${content['version']} of the format; this kabi-gate reads version ${formatVersion}.`
    return refuse({
      kind: 'stale-evidence',
      message,
      advice: 'Collect it again with this kabi-gate: kabi-gate collect.',
    })
  }
  const parsed = recordSchema().safeParse(content)
  if (parsed.success) return { value: parsed.data, problems: [] }
  const [issue] = parsed.error.issues
  const place = issue?.path.length ? quote(issue.path.join('.')) : 'The record'
  return refuse({
    kind: 'bad-evidence',
    message: `${place} is not as the format has it: ${said(issue?.message)}.`,
  })
}

/** What zod says may quote the file. */
function said(message = 'not understood'): string {
  return quote(message.replaceAll('"', '')).slice(1, -1)
}

/**
 * Writes a record as `evidence.json`: each key of the record on a line of its own, in the order of the type, so that the
 * same record gives the same bytes.
 */
export function formatRecord(record: EvidenceRecord): string {
  const lines = Object.entries(record).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  )
  return `{\n${lines.join(',\n')}\n}\n`
}
