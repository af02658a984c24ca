import { expect, it } from 'vitest'
import type { Evidence } from '../../src/abi/evidence.ts'
import type { LayoutClass } from '../../src/abi/layouts/layout-change.ts'
import type { Layouts, TypeLayout } from '../../src/abi/layouts/layout.ts'
import { causeLayouts } from '../../src/explain/cause-layouts.ts'

const layout: TypeLayout = { kind: 'union', size: 8, members: [] }
const layouts: Layouts = {
  ...{ pointer: 8, objects: ['a.o'], symbols: new Map(), unknown: new Map() },
  types: new Map([['u#x', { value: layout, object: 0 }]]),
}

function variant(name: string, what: LayoutClass) {
  const change = { name: 'u#x', layout: { before: layout, after: layout }, embedding: [], symbols: [] }
  const differences = [{ class: what, member: 'a', before: '0', after: '4 u32' }]
  const digest = { before: '', after: '' }
  const changed = [{ ...change, differences, digest }]
  return {
    guard: { layouts, laidOut: { changed, unknown: new Map<string, string>() } },
    evidence: { variant: name, layouts } as unknown as Evidence,
  }
}

it('a cause that moves something in one variant is told of as it is there', () => {
  const layoutOf = causeLayouts([
    variant('x86_64', 'in-hole'),
    variant('i686', 'moved'),
    variant('s390x', 'in-hole'),
  ])
  const reach = (...names: readonly string[]) => names.map((name) => ({ variant: name, symbols: [] }))
  const classOf = (...names: readonly string[]) =>
    layoutOf({ name: 'u#x', reach: reach(...names) })?.differences.map((one) => one.class)
  expect(classOf('x86_64', 'i686', 's390x')).toEqual(['moved'])
  expect(classOf('x86_64', 's390x')).toEqual(['in-hole'])
})
