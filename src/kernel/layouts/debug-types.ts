import type { TypeLayout, TypeText } from '../../abi/layouts/layout.ts'
import type { Names } from './gather-layouts.ts'

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

/** Answers about a whole kernel. */
export type Answering = (asked: Names) => Answer

/** Debug information that is damaged, or of a form that nobody asked the compiler for. */
export class DebugFault extends Error {}

/** Characters of one type in words, and of all of them. What a damaged file claims to be is no reason to use up memory. */
const [mostText, mostTexts] = [20_000, 100_000_000]

/** Members of all types; those of a whole kernel are some hundred thousand. */
const mostMembers = 2_000_000

/** Types within types, as pointers to functions that take pointers to functions. */
export const mostDepth = 100

/** Counts what is made of debug information, and ends it when that is more than any kernel has. */
export class Budget {
  #texts = 0
  #members = 0
  #depth = 0

  /** @throws DebugFault */
  text(text: string): string {
    this.#texts += text.length
    if (text.length > mostText || this.#texts > mostTexts)
      throw new DebugFault('its types are longer than any of C')
    return text
  }

  /** @throws DebugFault */
  member(): void {
    if (++this.#members > mostMembers) throw new DebugFault('its types have more members than any kernel')
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
