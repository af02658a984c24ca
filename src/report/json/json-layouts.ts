import type { CauseLayout, Room } from '../../abi/cause.ts'
import { definitionTitle } from '../../abi/explain/definition-title.ts'
import type { LayoutDifference } from '../../abi/layouts/layout-change.ts'
import type { LayoutFinding } from '../../judge/finding.ts'
import { moves } from '../../judge/layout-findings.ts'
import { layoutTexts } from '../model/layout-words.ts'
import { jsonRule, jsonWaiver } from './json-exceptions.ts'
import { jsonPatchLine, jsonPlace } from './json-places.ts'
import { jsonOrigin } from './json-origins.ts'
import { fields } from './print-json.ts'

/** How the definition behind changed checksums lies in memory. */
export function jsonCauseLayout(layout: CauseLayout) {
  const moved = layout.differences.filter(({ class: what }) => what === 'moved' || what === 'removed')
  return {
    ...fields(layout, 'sizeBefore', 'sizeAfter'),
    moved: moved.map(({ member, before, after }) => ({
      member: member ?? '',
      before: byteOf(before) ?? 0,
      after: byteOf(after) ?? null,
    })),
    differences: layout.differences.map(jsonDifference),
    room: layout.room ? jsonRoom(layout.room) : null,
  }
}

function jsonRoom({ member, bytes, place }: Room) {
  return { member, bytes, place: place ? fields(place, 'offset', 'bytes', 'behind', 'last') : null }
}

/** The byte of a place, which may tell bits, too. */
function byteOf(place: string | undefined): number | undefined {
  const byte = Number.parseInt(place ?? '', 10)
  return Number.isNaN(byte) ? undefined : byte
}

function jsonDifference(difference: LayoutDifference) {
  const { title } = layoutTexts[difference.class]
  return { class: difference.class, title, ...fields(difference, 'member', 'before', 'after') }
}

/** A type that lies in memory otherwise than in the release. */
export function jsonLayoutFinding(finding: LayoutFinding) {
  const { name, severity, variant, digest, symbols, untold, differences, embedding } = finding
  const { place, patch, rule, waiver } = finding
  return {
    ...{ name, title: definitionTitle(name), severity, variant, moves: moves(finding) },
    digestBefore: digest.before,
    digestAfter: digest.after,
    differences: differences.map(jsonDifference),
    heldBy: embedding.map((one) => ({
      name: one.name,
      title: definitionTitle(one.name),
      differences: one.differences.map(jsonDifference),
    })),
    ...{ symbols, untold },
    place: place ? jsonPlace(place) : null,
    patch: patch ? patch.map(jsonPatchLine) : null,
    rule: rule ? jsonRule(rule) : null,
    waiver: waiver ? jsonWaiver(waiver) : null,
    ...jsonOrigin(finding),
  }
}
