import { formatCrc } from '../abi/export.ts'
import type { Waiver } from './waiver.ts'

/**
 * Waivers as YAML, ready to stand below `waivers:` of a file of waivers. What `parseWaivers` makes of it is what was
 * given.
 */
export function formatWaivers(waivers: readonly Omit<Waiver, 'file' | 'line'>[]): string {
  return waivers.map(formatOne).join('')
}

function formatOne(waiver: Omit<Waiver, 'file' | 'line'>): string {
  const { symbol, kind, variants, from, to, reason, owner, ticket, expires } = waiver
  const lines = [
    `symbol: ${quoted(symbol)}`,
    ...(kind === 'changed' || kind === 'removed' ? [] : [`kind: ${kind}`]),
    `variants: ${variants === 'all' ? variants : `[${variants.map(quoted).join(', ')}]`}`,
    `from: ${formatCrc(from)}`,
    `to: ${to === 'removed' ? to : formatCrc(to)}`,
    `reason: ${quoted(reason)}`,
    `owner: ${quoted(owner)}`,
    ...(ticket === undefined ? [] : [`ticket: ${quoted(ticket)}`]),
    `expires: ${expires}`,
  ]
  return lines.map((line, index) => `${index === 0 ? '  - ' : '    '}${line}\n`).join('')
}

/** A name that YAML takes for nothing else stands as it is; of other texts, JSON's form is one of YAML's. */
function quoted(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]{3,}$/.test(text) && !/^(?:true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text)
}
