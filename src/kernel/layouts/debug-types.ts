import type { TypeLayout, TypeText } from '../../abi/layouts/layout.ts'

/** What debug information says of types. */
export interface DebugTypes {
  readonly kind: 'types'
  /** Bytes of a pointer. */
  readonly pointer: number
  /** The complete definitions of a name such as `s#device`, without equal ones: several where scopes have their own. */
  readonly layoutsOf: (name: string) => readonly TypeLayout[]
  /** What a typedef stands for; undefined where there is none. */
  readonly typedef: (name: string) => TypeText | undefined
  readonly names: readonly string[]
}

/** Why there are no types, worded to follow the file's name. */
export interface NoTypes {
  readonly kind: 'fault'
  readonly reason: string
}

/** What debug information says of what was asked; what it does not have is in none of them. */
export interface Answer {
  /** Bytes of a pointer. */
  readonly pointer: number
  readonly types: ReadonlyMap<string, TypeLayout>
  readonly symbols: ReadonlyMap<string, TypeText>
  /** Typedefs, asked for as `t#x`, of what has a name of its own. */
  readonly aliases: ReadonlySet<string>
  /** Types and symbols that are there and of which the layout is not known, with why. */
  readonly unclear: ReadonlyMap<string, string>
}

/** Debug information that is damaged, or of a form that nobody asked the compiler for. */
export class DebugFault extends Error {}

/** Characters of one type in words. What a damaged file claims to be is no reason to use up memory or time. */
const mostText = 20_000

/** Characters of all types, members of all, and steps from type to type: what one object has, and several times more. */
const least = { texts: 100_000_000, members: 2_000_000, steps: 20_000_000 }

/** As many for each byte, where there are many objects. */
const eachByte = { texts: 16, members: 1, steps: 8 }

/** Types within types, as pointers to functions that take pointers to functions. */
export const mostDepth = 100

/** Counts what is made of debug information, and ends it when that is more than any kernel has. */
export class Budget {
  readonly #left: { texts: number; members: number; steps: number }
  #depth = 0

  /** @param bytes of debug information; absent for an object */
  constructor(bytes = 0) {
    this.#left = {
      texts: Math.max(least.texts, eachByte.texts * bytes),
      members: Math.max(least.members, eachByte.members * bytes),
      steps: Math.max(least.steps, eachByte.steps * bytes),
    }
  }

  /** @throws DebugFault */
  text(text: string): string {
    this.#left.texts -= text.length
    if (text.length > mostText || this.#left.texts < 0)
      throw new DebugFault('its types are longer than any of C')
    return text
  }

  /** @throws DebugFault */
  member(): void {
    if (--this.#left.members < 0) throw new DebugFault('its types have more members than any of C')
  }

  /** @throws DebugFault */
  step(): void {
    if (--this.#left.steps < 0) throw new DebugFault('its types lead to themselves')
  }

  /**
   * Makes something of a type that lies within another.
   * @throws DebugFault
   */
  deeper<Made>(make: () => Made): Made {
    if (++this.#depth > mostDepth) throw new DebugFault('its types lead to themselves')
    try {
      return make()
    } finally {
      this.#depth--
    }
  }
}

/** Equal ones once. */
export function distinct(layouts: readonly TypeLayout[]): readonly TypeLayout[] {
  if (layouts.length < 2) return layouts
  const texts = new Map(layouts.map((layout) => [JSON.stringify(layout, bigintText), layout]))
  return [...texts.values()]
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
