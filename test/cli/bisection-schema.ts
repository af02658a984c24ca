import { z } from 'zod'
import { broken, problem } from '../report/report-schema.ts'

const text = (description: string) => z.string().describe(description)
const textOrNull = (description: string) => z.string().nullable().describe(description)
const count = (description: string) => z.int().nonnegative().describe(description)

const named = z
  .strictObject({
    name: text('As somebody wrote it.'),
    commit: textOrNull('Its whole name; null where git knows none.'),
  })
  .meta({ id: 'named', description: 'An end of the range.' })

/** The JSON of a bisection, key by key; docs/bisection.schema.json is made from this. */
export const bisectionSchema = z
  .strictObject({
    schemaVersion: z.literal(1).describe('Changes when a key changes its meaning or goes away.'),
    tool: z
      .strictObject({ name: z.literal('kabi-gate'), version: text('Version of kabi-gate.') })
      .describe('What wrote this.'),
    result: z
      .enum(['found', 'intact', 'error'])
      .describe(
        'found: there are breaks. intact: nothing that was asked for is broken. error: nobody knows, and problems says why; no breaks are told then.',
      ),
    good: named.describe('The commit whose exports count as promised.'),
    bad: named.describe('The commit behind it that was looked at for breaks.'),
    symbol: textOrNull('Only what breaks this symbol; null when that was not asked.'),
    type: textOrNull('Only what changes this type, as somebody wrote it; null when that was not asked.'),
    firstParent: z.boolean().describe('Whether a merge stood for all that it brings.'),
    variants: z.array(z.string()).describe('The variants that were asked for; empty for all.'),
    breaks: z.array(
      z.strictObject({
        broken,
        commits: z
          .array(
            z.strictObject({
              hash: text('Its whole name.'),
              subject: text('The first line of its message.'),
              date: text('The day its author made it, such as 2026-11-30.'),
            }),
          )
          .describe('The commit that did it; of several one did it, the last first.'),
      }),
    ),
    looked: count('Commits that were looked at, now or by a run that was interrupted.'),
    skipped: z
      .array(z.strictObject({ commit: text('Its whole name.'), why: text('Why it cannot be looked at.') }))
      .describe('Commits that cannot be looked at.'),
    problems: z.array(problem).describe('Errors; empty unless the result is error.'),
  })
  .meta({
    title: 'kabi-gate bisection',
    description:
      'Which commits broke the kernel ABI. Every key is always there; what does not apply is null. Texts are as they were found and may hold anything.',
  })
