import { gzipSync } from 'node:zlib'
import { checksumOf, fedText, type Definitions } from '../abi/symtypes-oracle.ts'
import { consolidated, definitions } from '../abi/types/forms.ts'

/** The types of a release. */
export const old = definitions(
  's#dev struct dev { int id ; }',
  's#bus struct bus { int speed ; }',
  'f int f ( s#dev * )',
  'g int g ( s#dev * )',
  'h int h ( s#dev * , s#bus * )',
  'i int i ( s#bus * )',
)
/** Those of the next: both structures changed. */
export const now = new Map([
  ...old,
  ...definitions('s#dev struct dev { int id ; int irq ; }', 's#bus struct bus { long speed ; }'),
])

export const crcOf = (types: Definitions, symbol: string): number => checksumOf(fedText(types, symbol))

/** The checksums that types give, as a Module.symvers. */
export function table(types: Definitions): string {
  const rows = ['f', 'g', 'h', 'i'].map((symbol) => {
    return `0x${crcOf(types, symbol).toString(16).padStart(8, '0')}\t${symbol}\tvmlinux\tEXPORT_SYMBOL\t\n`
  })
  return rows.join('')
}

export const typesOf = (types: Definitions) => gzipSync(consolidated(new Map([['lib/dev', types]])))

/** A folder with the list of one variant and its types. */
export const list = (folder: string, types: Definitions) => ({
  [`${folder}/x86_64/kabi_whitelist`]: table(types),
  [`${folder}/x86_64/symtypes.gz`]: typesOf(types),
})
