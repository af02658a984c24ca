import fc from 'fast-check'
import type {
  AggregateLayout,
  EnumLayout,
  Layouts,
  MemberLayout,
  TypeLayout,
} from '../../../src/abi/layouts/layout.ts'

const identifier = fc.stringMatching(/^[a-z_][a-z0-9_]{0,6}$/)
const offset = fc.nat(1 << 20)
const type = fc.constantFrom('u32', 's#b *', 's32 (s#a *, ...) *', 'u8[4][]', '?8 *', 't#atomic_t', 's32<4>')

const enumeration: fc.Arbitrary<EnumLayout> = fc.record({
  kind: fc.constant('enum' as const),
  size: fc.constantFrom(1, 4, 8),
  values: fc.array(fc.record({ name: identifier, value: fc.bigInt(-(2n ** 63n), 2n ** 64n) }), {
    maxLength: 3,
  }),
})

function aggregate(depth: number): fc.Arbitrary<AggregateLayout> {
  return fc.record({
    kind: fc.constantFrom('struct' as const, 'union' as const),
    size: fc.nat(1 << 16),
    members: fc.array(member(depth), { maxLength: 4 }),
  })
}

function member(depth: number): fc.Arbitrary<MemberLayout> {
  const plain: fc.Arbitrary<MemberLayout> = fc.record(
    { name: fc.oneof(identifier, fc.constant('')), offset, bits: fc.integer({ min: 1, max: 64 }), type },
    { requiredKeys: ['name', 'offset', 'type'] },
  )
  if (depth === 0) return plain
  const inner = fc
    .tuple(
      fc.oneof(identifier, fc.constant('')),
      offset,
      fc.oneof(aggregate(depth - 1), enumeration),
      fc.constantFrom('', '[4]', '[]'),
    )
    .map(([name, at, inside, bound]): MemberLayout => ({
      name,
      offset: at,
      type: inside.kind + bound,
      inside,
    }))
  return fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: inner })
}

const named: fc.Arbitrary<readonly [string, TypeLayout]> = fc.oneof(
  fc
    .tuple(
      identifier,
      fc.constantFrom('s#', 't#', 'u#'),
      aggregate(2),
      fc.option(fc.constantFrom(1, 8, 64), { nil: undefined }),
    )
    .map(
      ([name, prefix, layout, align]) =>
        [prefix + name, align === undefined ? layout : { ...layout, align }] as const,
    ),
  fc
    .tuple(identifier, fc.constantFrom('e#', 't#'), enumeration)
    .map(([name, prefix, layout]) => [prefix + name, layout] as const),
)

/** Layouts as they may come from some objects. */
export const arbitraryLayouts: fc.Arbitrary<Layouts> = fc
  .record({
    pointer: fc.constantFrom(4, 8),
    vmlinux: fc.constantFrom('dwarf' as const, 'btf' as const, undefined),
    objects: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}\/[a-z]{1,5}\.o$/), { minLength: 1, maxLength: 3 }),
    types: fc.array(fc.tuple(named, fc.nat(2)), { maxLength: 6 }),
    symbols: fc.array(fc.tuple(identifier, fc.nat(2), type), { maxLength: 4 }),
    unknown: fc.array(fc.tuple(identifier, fc.constantFrom('two objects disagree', 'it is opaque')), {
      maxLength: 2,
    }),
  })
  .map(({ pointer, vmlinux, objects, types, symbols, unknown }) => ({
    pointer,
    ...(vmlinux === undefined ? {} : { vmlinux }),
    objects,
    types: new Map(
      types.map(([[name, value], object]) => [name, { value, object: object % objects.length }]),
    ),
    symbols: new Map(
      symbols.map(([name, object, value]) => [name, { value, object: object % objects.length }]),
    ),
    unknown: new Map(unknown.map(([name, why]) => [`s#${name}`, why])),
  }))
