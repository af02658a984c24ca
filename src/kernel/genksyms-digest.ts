import { readTreeFile } from '../io/read-tree-file.ts'
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigOptions } from '../abi/evidence.ts'

/**
 * SHA-256 over the sources of a tree's genksyms, or of its gendwarfksyms where the configuration chooses that: names and
 * contents, hexadecimal. Two kernels with the same sources compute the same checksum from the same input, whatever
 * compiled them; that of no sources stands for a tree without.
 */
export async function genksymsDigest(source: string, options: ConfigOptions): Promise<string> {
  const program = options.get('CONFIG_GENDWARFKSYMS') === 'y' ? 'gendwarfksyms' : 'genksyms'
  const folder = join(source, 'scripts', program)
  const names = (await readdir(folder).catch(() => [])).filter((name) =>
    /\.(?:[chly]|gperf)(?:_shipped)?$/.test(name),
  )
  const hash = createHash('sha256')
  for (const name of names.sort()) hash.update(`${name}\0`).update(readTreeFile(join(folder, name)))
  return hash.digest('hex')
}
