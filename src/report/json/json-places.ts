import type { HiddenChange, PatchLine, SourcePlace } from '../../abi/cause.ts'
import { fields } from './print-json.ts'

/** Part of a file. */
export function jsonPlace(place: SourcePlace) {
  return fields(place, 'file', 'line', 'endLine')
}

/** A line of a patch. */
export function jsonPatchLine(line: PatchLine | HiddenChange) {
  const { commit } = line
  return {
    ...fields(line, 'file', 'line', 'kind', 'text'),
    commit: commit ? fields(commit, 'hash', 'subject', 'date') : null,
  }
}
