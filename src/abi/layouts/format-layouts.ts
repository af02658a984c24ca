import type { AggregateLayout, EnumLayout, Layouts, TypeLayout, TypeText } from './layout.ts'

/** The first line of a file with layouts. */
export const layoutsHeading = 'kabi-gate layouts, version 1'

/**
 * Writes layouts: the size of pointers, where they come from, objects in their order, then symbols and types by name, each with what is in it a line deeper (docs/formats.md).
 * Equal layouts give equal bytes. The last line counts the others, so that a file that was cut is noticed.
 */
export function formatLayouts({ pointer, vmlinux, objects, types, symbols, unknown }: Layouts): string {
  const lines = [
    layoutsHeading,
    `pointer ${pointer}`,
    ...(vmlinux === undefined ? [] : [`vmlinux ${vmlinux}`]),
    ...objects.map((object) => `o ${object}`),
    ...byName(symbols).map(([name, { value, object }]) => `v ${name} ${object} ${value}`),
    ...byName(types).flatMap(([name, { value, object }]) => typeLines(name, value, object)),
    ...byName(unknown).map(([name, why]) => `? ${name} ${why}`),
  ]
  return [...lines, `end ${lines.length}`].map((line) => `${line}\n`).join('')
}

/** Text that is equal for equal layouts. */
export function layoutText(layout: TypeLayout | TypeText): string {
  return typeof layout === 'string' ? layout : typeLines('', layout, 0).join('\n')
}

function byName<Value>(values: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1))
}

function typeLines(name: string, layout: TypeLayout, object: number): readonly string[] {
  const align = layout.kind !== 'enum' && layout.align !== undefined ? String(layout.align) : '-'
  return [`${name} ${layout.kind} ${layout.size} ${align} ${object}`, ...contentLines(layout, ' ')]
}

function contentLines(layout: AggregateLayout | EnumLayout, indent: string): readonly string[] {
  if (layout.kind === 'enum') return layout.values.map(({ name, value }) => `${indent}${name} ${value}`)
  return layout.members.flatMap(({ name, offset, bits, type, inside }) => [
    `${indent}${name || '-'} ${offset}${bits === undefined ? '' : `:${bits}`} ${inside ? `{${inside.size}} ` : ''}${type}`,
    ...(inside ? contentLines(inside, `${indent} `) : []),
  ])
}
