import { definitionTitle } from '../../abi/explain/definition-title.ts'
import type { Break } from '../../judge/break.ts'
import { jsonChange } from './json-explanation.ts'
import { jsonPatchLine } from './json-places.ts'

/** One thing that a commit broke. */
export function jsonBreak(broken: Break) {
  const { kind, name, symbols, lines } = broken
  return {
    kind,
    name,
    title: kind === 'type' ? definitionTitle(name) : name,
    finding: kind === 'symbol' ? broken.finding : null,
    change: kind === 'type' && broken.change ? jsonChange(broken.change) : null,
    symbols,
    lines: lines.map(jsonPatchLine),
  }
}
