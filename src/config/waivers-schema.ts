import * as z from 'zod'
import { parseCrc } from '../abi/export.ts'
import { visibleLength } from '../judge/visible-text.ts'
import { waivableKinds } from '../judge/waiver.ts'
import { complain, line, list, pattern, settings } from './schema-parts.ts'
import { variantName } from './variant-name.ts'

/** What a file of waivers says, as it is written there. */
export type WaiversSettings = z.infer<ReturnType<typeof waiversSchema>>

const reasonForm = 'a reason of at least ten characters, on one line'

const crcForm = 'a checksum such as 0x1a2b3c4d, and not zero'

/** The one source of what a file of waivers may say; docs/waivers.md explains it. */
export function waiversSchema() {
  return settings({
    version: z.literal(1, { error: 'the number 1' }),
    waivers: z.array(
      z.union([symbolWaiver(), layoutWaiver()], { error: 'a waiver, with symbol or layout' }),
      { error: 'a list of waivers' },
    ),
  })
}

function symbolWaiver() {
  return settings({
    symbol: pattern(/^[A-Za-z_.$][\w.$]*$/, 'the name of a symbol'),
    kind: z.enum(waivableKinds).exactOptional(),
    ...terms(),
    from: pattern(/^0x(?=0*[1-9a-fA-F])[0-9a-fA-F]{1,8}$/, crcForm),
    to: pattern(/^(?:removed|0x(?=0*[1-9a-fA-F])[0-9a-fA-F]{1,8})$/, `${crcForm}, or removed`),
  }).superRefine(({ kind, from, to }, context) => {
    if (kind !== undefined && (kind === 'removed') !== (to === 'removed')) {
      complain(context, 'does not go with to', 'Write kind: removed together with to: removed.', 'kind')
    }
    if ((kind ?? 'changed') === 'changed' && to !== 'removed' && parseCrc(from) === parseCrc(to)) {
      complain(context, 'is the same as from', 'A changed checksum has two different values.', 'to')
    }
  })
}

const digestForm = 'a digest of a layout, sixteen hexadecimal digits in quotes'

function layoutWaiver() {
  const digest = () => pattern(/^[0-9a-f]{16}$/, digestForm)
  return settings({
    layout: pattern(
      /^(?:(?:struct|union|enum|typedef) [A-Za-z_]\w*|[A-Za-z_.$][\w.$]*)$/,
      'a type such as struct device, or the name of a symbol',
    ),
    ...terms(),
    from: digest(),
    to: digest(),
  }).superRefine(({ from, to }, context) => {
    if (from === to) complain(context, 'is the same as from', 'A changed layout has two digests.', 'to')
  })
}

/** Where and how long a waiver holds, and who says so. */
function terms() {
  return {
    variants: z.union(
      [z.literal('all'), list(pattern(variantName, 'the name of a variant'), 'a list of variants, or all')],
      { error: 'a list of variants, or all' },
    ),
    reason: pattern(/^[ -~\u0080-\uffff]+\n?$/, reasonForm).refine((text) => visibleLength(text) >= 10, {
      error: reasonForm,
    }),
    owner: line('who answers for it'),
    ticket: line('where it was discussed').exactOptional(),
    expires: pattern(/^\d{4}-\d\d-\d\d$/, 'a date such as 2027-01-31').superRefine((text, context) => {
      if (!isDate(text)) complain(context, 'is no day of the calendar', 'Write a date such as 2027-01-31.')
    }),
  }
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
