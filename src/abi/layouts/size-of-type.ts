import type { TypeText } from './layout.ts'

/** Knows how large types are. */
export interface Sizes {
  /** Of a pointer, in bytes. */
  readonly pointer: number
  /** Arrays are written without their dimensions, `isFlat`. */
  readonly flat?: boolean
  readonly layoutOf: (name: string) => { readonly size: number } | undefined
}

/**
 * What an array is of, and its bounds from the last dimension on; 0 for one without. A type that is no array has no bounds. It is read from
 * its end, once: the type may come from anywhere, and be long.
 */
export function arrayOf(type: TypeText): { readonly element: TypeText; readonly bounds: readonly number[] } {
  const bounds: number[] = []
  let end = type.length
  while (type[end - 1] === ']') {
    let start = end - 2
    while (isDigit(type[start])) start--
    if (type[start] !== '[') break
    bounds.push(Number(type.slice(start + 1, end - 1)))
    end = start
  }
  return { element: type.slice(0, end), bounds }
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9'
}

/**
 * The size of a type in bits; undefined where it is not known.
 * @param inside of one element, in bytes, where the type has no name
 */
export function bitsOf(type: TypeText, { pointer, layoutOf }: Sizes, inside?: number): number | undefined {
  const { element, bounds } = arrayOf(type)
  const count = bounds.reduce((product, bound) => product * bound, 1)
  const one = elementBits()
  return one === undefined ? undefined : one * count

  function elementBits(): number | undefined {
    if (element.endsWith(' *')) return 8 * pointer
    if (/^(?:struct|union|enum)$/.test(element)) return inside === undefined ? undefined : 8 * inside
    const [, lanes] = /<(\d+)>$/.exec(element) ?? []
    const [, bits] = /^(?:bool|[usfc?])(\d+)/.exec(element) ?? []
    if (bits !== undefined) return Number(bits) * Number(lanes ?? 1)
    const layout = layoutOf(element)
    return layout && 8 * layout.size
  }
}
