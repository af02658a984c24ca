import fc from 'fast-check'
import type { LayoutDifference } from '../../src/abi/layouts/layout-change.ts'
import type { TypeLayout } from '../../src/abi/layouts/layout.ts'
import type { HiddenProof, LayoutFinding } from '../../src/judge/finding.ts'
import type { Severity } from '../../src/judge/policy.ts'
import { layoutTexts } from '../../src/report/model/layout-words.ts'

type LayoutClass = LayoutDifference['class']

/** Changes of a layout, every text of which may be anything. */
export function arbitraryDifferences(text: fc.Arbitrary<string>): fc.Arbitrary<readonly LayoutDifference[]> {
  const difference = fc.record(
    {
      class: fc.constantFrom(...(Object.keys(layoutTexts) as LayoutClass[])),
      member: text,
      before: text,
      after: text,
    },
    { requiredKeys: ['class'] },
  )
  return fc.array(difference, { maxLength: 5 })
}

/** A structure or an enumeration, every name and type in which may be anything. */
function arbitraryType(text: fc.Arbitrary<string>): fc.Arbitrary<TypeLayout> {
  const member = fc.record(
    { name: text, offset: fc.nat(999), bits: fc.nat(64), type: text },
    { requiredKeys: ['name', 'offset', 'type'] },
  )
  return fc.oneof(
    fc.record({
      kind: fc.constantFrom('struct' as const, 'union' as const),
      size: fc.nat(9999),
      members: fc.array(member, { maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant('enum' as const),
      size: fc.constant(4),
      values: fc.array(fc.record({ name: text, value: fc.bigInt(-(2n ** 63n), 2n ** 64n) }), {
        maxLength: 3,
      }),
    }),
  )
}

/** A type that moved, every text about which may be anything. */
export function arbitraryLayoutFinding(
  text: fc.Arbitrary<string>,
  severity: fc.Arbitrary<Severity>,
): fc.Arbitrary<LayoutFinding> {
  const type = arbitraryType(text)
  const layout = fc.record({ before: type, after: type })
  const texts = fc.array(text, { maxLength: 3 })
  const differences = arbitraryDifferences(text)
  const line = fc.nat(999)
  return fc.record(
    {
      family: fc.constant('layout' as const),
      kind: fc.constantFrom('layout', 'fits'),
      severity,
      variant: text,
      name: text,
      layout,
      differences,
      embedding: fc.array(fc.record({ name: text, layout, differences }), { maxLength: 5 }),
      digest: fc.record({ before: text, after: text }),
      symbols: texts,
      untold: texts,
      place: fc.record({ file: text, line, endLine: line }),
      patch: fc.array(fc.record({ file: text, line, kind: fc.constantFrom('added', 'removed'), text }), {
        maxLength: 3,
      }),
    },
    {
      requiredKeys: [
        ...(['family', 'kind', 'severity', 'variant', 'name', 'layout'] as const),
        ...(['differences', 'embedding', 'digest', 'symbols', 'untold'] as const),
      ],
    },
  )
}

export function arbitraryProof(text: fc.Arbitrary<string>): fc.Arbitrary<HiddenProof> {
  const texts = fc.array(text, { maxLength: 3 })
  return fc.oneof(
    fc.record({ kind: fc.constantFrom('moves', 'harmless'), types: texts }),
    fc.record({ kind: fc.constantFrom('no-baseline', 'no-build'), variants: texts }),
    fc.constant({ kind: 'off' as const }),
  )
}
