import type { TypeText } from './layout.ts'

/** Knows how large types are. */
export interface Sizes {
  /** Of a pointer, in bytes. */
  readonly pointer: number
  readonly layoutOf: (name: string) => { readonly size: number } | undefined
}

/**
 * The size of a type in bits; undefined where it is not known.
 * @param inside of one element, in bytes, where the type has no name
 */
export function bitsOf(type: TypeText, { pointer, layoutOf }: Sizes, inside?: number): number | undefined {
  const [, element = '', bounds = ''] = /^(.*?)((?:\[\d*\])*)$/s.exec(type) ?? []
  const count = [...bounds.matchAll(/\[(\d*)\]/g)].reduce((product, [, bound]) => product * Number(bound), 1)
  const one = elementBits()
  return one === undefined ? undefined : one * count

  function elementBits(): number | undefined {
    if (element.endsWith(' *')) return 8 * pointer
    if (/^(?:struct|union|enum)$/.test(element)) return inside === undefined ? undefined : 8 * inside
    const [, lanes] = /<(\d+)>$/.exec(element) ?? []
    const [, bits] = /^(?:bool|[usfc])(\d+)/.exec(element) ?? []
    if (bits !== undefined) return Number(bits) * Number(lanes ?? 1)
    const layout = layoutOf(element)
    return layout && 8 * layout.size
  }
}
