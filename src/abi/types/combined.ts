import { definitionTokens } from '../definition-tokens.ts'
import { quote } from '../../problem/quote.ts'
import { forEachLine } from '../symtypes-lines.ts'
import { symtypesFault, type BadText, type TypesFile } from '../symtypes-fault.ts'
import { hash, textOf } from '../symtypes.ts'
import type { TypedObject } from './kernel-types.ts'
import { readLine, secondDefinition, type ReadContext } from './read-context.ts'

/** What tells apart the definitions that one name has in several objects, behind the name: the CRC-32 of the line. */
const version = /@[0-9a-f]{1,8}$/

const letterF = 70

/**
 * Reads the combined form that `kabi collect` of Oracle's UEK writes, which XCP-ng keeps too: first every definition once, a name with
 * several as `s#x@1b9c735e`, then for each object a line `F#net/core/dev.symtypes` with its exports and with which of those
 * definitions it has. Definitions refer to names without these endings.
 * Source: Documentation/uek/kabi.txt of Oracle's kernel tree.
 */
export function readCombined(context: ReadContext, bytes: Uint8Array, file: string): readonly TypedObject[] {
  const { problems } = context
  const source: TypesFile = { bytes, file, readAs: 'types combined by kabi collect' }
  const records: Records = { exports: new Map(), types: new Map() }
  const objectLines: LineOfObject[] = []
  forEachLine(source, problems, (start, end) => {
    if (bytes[start] === letterF && bytes[start + 1] === hash) {
      objectLines.push({ start, end })
      return
    }
    const line = readLine(context, source, start, end)
    if (!line) return
    const { name, definition, exported } = line
    const known = exported ? records.exports : records.types
    const earlier = known.get(name)
    if (!earlier) known.set(name, { definition, start })
    else if (bytes[earlier.start] === bytes[start]) {
      const same = earlier.definition === definition
      secondDefinition(context, source, name, { earlier: earlier.start, later: start, same })
    }
  })
  return readObjects(context, source, records, objectLines)
}

interface LineOfObject {
  readonly start: number
  readonly end: number
}

/**
 * Definitions by the names that records have, with their versions. A typedef of one object may be a constant of an enum in another: the first
 * counts, and where that is the wrong one no checksum comes out.
 */
interface Records {
  readonly exports: Map<number, { readonly definition: number; readonly start: number }>
  readonly types: Map<number, { readonly definition: number; readonly start: number }>
}

function readObjects(
  { pool, reach, problems, isWanted }: ReadContext,
  source: TypesFile,
  records: Records,
  lines: readonly LineOfObject[],
): readonly TypedObject[] {
  const reject = (bad: BadText): void => problems.error(() => symtypesFault(source, bad))
  const objects: TypedObject[] = []
  const known = new Set<string>()
  for (const { start, end } of lines) {
    const [first = '', ...tokens] = definitionTokens(textOf(source.bytes, start, end))
    const object = /^F#(\S+)\.(?:o|symtypes)$/.exec(first)?.[1]
    const place = { start, end: start + first.length }
    if (object === undefined || known.has(object)) {
      const message =
        object === undefined
          ? 'expected the dump of an object, such as F#net/core/dev.symtypes'
          : `${quote(object)} has a line already`
      reject({ ...place, message })
      continue
    }
    known.add(object)
    const own = new Map<number, number>()
    const exports: number[] = []
    for (const token of tokens) {
      const name = pool.nameNumber(token.replace(version, ''))
      const isType = token[1] === '#'
      const definition = (isType ? records.types : records.exports).get(pool.nameNumber(token))?.definition
      // Of types, a file that was restricted to some exports may name more than it has.
      own.set(name, definition ?? -1)
      if (isType) continue
      if (definition === undefined)
        reject({ ...place, message: `${quote(token)}, exported by this object, is not defined` })
      else if (isWanted(pool.symbolText(name))) exports.push(name)
    }
    if (exports.length === 0) continue
    const types = reach(
      exports,
      (name) => own.get(name) ?? records.types.get(name)?.definition ?? -1,
      (name, from) => {
        const message = `${quote(pool.nameText(name))}, which ${quote(pool.nameText(from))} of this object refers to, is not defined`
        reject({ ...place, message })
      },
    )
    objects.push({ object, exports: exports.map(pool.symbolText), types })
  }
  return objects
}
