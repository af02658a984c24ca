import { crc32 } from 'node:zlib'
import { formatKsymtypes } from '../../../src/abi/format-ksymtypes.ts'
import { symtypesFile, type Definitions } from '../symtypes-oracle.ts'

/** The types of several objects, by the path of each without suffix. */
export type ObjectDefinitions = ReadonlyMap<string, Definitions>

export function consolidated(objects: ObjectDefinitions): Uint8Array {
  return formatKsymtypes(new Map([...objects].map(([object, types]) => [object, symtypesFile(types)]))).value
}

/** What `kabi collect` writes, made as Documentation/uek/kabi.txt of Oracle's kernel tree says. */
export function combined(objects: ObjectDefinitions): Uint8Array {
  const texts = new Map<string, Set<string>>()
  for (const definitions of objects.values())
    for (const [name, tokens] of definitions) {
      const known = texts.get(name) ?? new Set()
      texts.set(name, known.add(tokens.join(' ')))
    }
  const versioned = (name: string, text: string): string =>
    (texts.get(name)?.size ?? 0) > 1
      ? `${name}@${crc32(`${name} ${text}`).toString(16).padStart(8, '0')}`
      : name
  const lines = [...texts].flatMap(([name, all]) =>
    [...all].map((text) => `${versioned(name, text)} ${text}\n`),
  )
  const files = [...objects].map(([object, definitions]) => {
    const named = [...definitions].flatMap(([name, tokens]) => {
      const title = versioned(name, tokens.join(' '))
      return title !== name || !name.includes('#') ? [title] : []
    })
    return `F#${object}.symtypes ${named.sort().join(' ')}\n`
  })
  return new TextEncoder().encode([...lines.sort(), ...files].join(''))
}

/** Definitions of lines such as `s#a struct a { int x ; }`. */
export function definitions(...lines: readonly string[]): Definitions {
  return new Map(
    lines.map((line): [string, readonly string[]] => {
      const [name = '', ...tokens] = line.split(' ')
      return [name, tokens]
    }),
  )
}
