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

/** A type that moved, every text about which may be anything. */
export function arbitraryLayoutFinding(
  text: fc.Arbitrary<string>,
  severity: fc.Arbitrary<Severity>,
): fc.Arbitrary<LayoutFinding> {
  const size = fc.nat(9999).map((bytes): TypeLayout => ({ kind: 'struct', size: bytes, members: [] }))
  const layout = fc.record({ before: size, after: size })
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
