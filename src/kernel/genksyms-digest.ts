import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * SHA-256 over the sources of a tree's genksyms, names and contents, hexadecimal. Two kernels with the same sources
 * compute the same checksum from the same text, whatever compiled them; that of no sources stands for a tree without.
 */
export async function genksymsDigest(source: string): Promise<string> {
  const folder = join(source, 'scripts/genksyms')
  const names = (await readdir(folder).catch(() => [])).filter((name) =>
    /\.(?:[chly]|gperf)(?:_shipped)?$/.test(name),
  )
  const hash = createHash('sha256')
  for (const name of names.sort()) hash.update(`${name}\0`).update(await readFile(join(folder, name)))
  return hash.digest('hex')
}
