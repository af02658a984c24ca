import { isDeepStrictEqual } from 'node:util'
import type { From, Layouts, TypeLayout, TypeText } from '../../abi/layouts/layout.ts'
import type { Probed } from './probe-object.ts'

/** Types such as `s#device`, and symbols. */
export interface Names {
  readonly types: ReadonlySet<string>
  readonly symbols: ReadonlySet<string>
}

/** What objects say of some types and symbols, one object after the other. */
export interface Gathering {
  /** What no object has said anything of. */
  readonly open: Names
  /** Takes what an object says of names that it was asked for. Objects have to agree about a type. */
  readonly add: (object: string, probed: Probed) => void
  /** The objects that were added, in their order. */
  readonly objects: readonly string[]
  /**
   * All that was said.
   * @param unknown names of which the layout is not known, with why; those of which objects disagree are known here
   */
  readonly end: (unknown: ReadonlyMap<string, string>) => Layouts
}

/** Begins with all names open. */
export function gatherLayouts(names: Names): Gathering {
  const open = { types: new Set(names.types), symbols: new Set(names.symbols) }
  const types = new Map<string, From<TypeLayout>>()
  const symbols = new Map<string, From<TypeText>>()
  const unclear = new Map<string, string>()
  const objects: string[] = []
  let pointer = 0
  return {
    open,
    objects,
    add: (object, probed) => {
      const known = objects.indexOf(object)
      const number = known < 0 ? objects.push(object) - 1 : known
      pointer = probed.pointer
      for (const [name, value] of probed.types) {
        open.types.delete(name)
        const other = types.get(name)
        if (!other) types.set(name, { value, object: number })
        else if (!isDeepStrictEqual(other.value, value))
          unclear.set(name, `${objects[other.object] ?? ''} and ${object} disagree`)
      }
      for (const name of probed.aliases) open.types.delete(name)
      for (const name of probed.unclear) unclear.set(name, `${object} has several`)
      for (const [name, value] of probed.symbols) {
        open.symbols.delete(name)
        if (!symbols.has(name)) symbols.set(name, { value, object: number })
      }
    },
    end: (others) => {
      const unknown = new Map([...others, ...unclear])
      for (const name of unknown.keys()) types.delete(name)
      return { pointer, objects, types, symbols, unknown }
    },
  }
}
