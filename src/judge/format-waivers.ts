import { formatCrc } from '../abi/export.ts'
import { layoutSubject, type NewWaiver } from './waiver.ts'

/**
 * Waivers as YAML, ready to stand below `waivers:` of a file of waivers. What `parseWaivers` makes of it is what was
 * given.
 */
export function formatWaivers(waivers: readonly NewWaiver[]): string {
  return waivers.map(formatOne).join('')
}

function formatOne(waiver: NewWaiver): string {
  const { variants, reason, owner, ticket, expires } = waiver
  const where = `variants: ${variants === 'all' ? variants : `[${variants.map(quoted).join(', ')}]`}`
  const lines = [
    ...(waiver.kind === 'layout' ? layoutLines(waiver, where) : symbolLines(waiver, where)),
    `reason: ${quoted(reason)}`,
    `owner: ${quoted(owner)}`,
    ...(ticket === undefined ? [] : [`ticket: ${quoted(ticket)}`]),
    `expires: ${expires}`,
  ]
  return lines.map((line, index) => `${index === 0 ? '  - ' : '    '}${line}\n`).join('')
}

function symbolLines(
  { symbol, kind, from, to }: Extract<NewWaiver, { readonly symbol: string }>,
  where: string,
): readonly string[] {
  return [
    `symbol: ${quoted(symbol)}`,
    ...(kind === 'changed' || kind === 'removed' ? [] : [`kind: ${kind}`]),
    where,
    `from: ${formatCrc(from)}`,
    `to: ${to === 'removed' ? to : formatCrc(to)}`,
  ]
}

function layoutLines(
  { name, from, to }: Extract<NewWaiver, { readonly kind: 'layout' }>,
  where: string,
): readonly string[] {
  return [`layout: ${quoted(layoutSubject(name))}`, where, `from: "${from}"`, `to: "${to}"`]
}

/** A name that YAML takes for nothing else stands as it is; of other texts, JSON's form is one of YAML's. */
function quoted(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]{3,}$/.test(text) && !/^(?:true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text)
}
