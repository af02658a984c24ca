import { fails, ofFamily } from '../judge/finding.ts'
import type { Verdict } from '../judge/verdict.ts'

/**
 * The protected symbols that break, one a line, each once and sorted, for scripts: changed, removed, or with any other finding
 * that fails. Empty when none does.
 */
export function renderNames({ findings }: Verdict): string {
  const failing = ofFamily(findings, 'symbol').filter(fails)
  return [...new Set(failing.map(({ symbol }) => symbol))]
    .sort()
    .map((symbol) => `${symbol}\n`)
    .join('')
}
