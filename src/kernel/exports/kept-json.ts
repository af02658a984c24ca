import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import * as z from 'zod'
import { draftOf, removeStaleDrafts } from '../../io/drafts.ts'

/** Changes with every change of what is kept, so that nothing kept by another version is read. */
const format = 6

const compress = promisify(gzip)
const expand = promisify(gunzip)

/** Writes a value that `readKept` gives back; the file appears complete or not at all. */
export async function writeKept(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await removeStaleDrafts(path)
  const draft = draftOf(path)
  await writeFile(draft, await compress(JSON.stringify({ format, value }), { level: 1 }))
  await rename(draft, path)
}

/**
 * Reads what `writeKept` wrote; undefined when there is none, or none of this version and this shape: then it is made
 * again. Gzip has a checksum of its own, so one that was cut or damaged is none.
 */
export async function readKept<T>(path: string, shape: z.ZodType<T>): Promise<T | undefined> {
  try {
    const kept: unknown = JSON.parse((await expand(await readFile(path))).toString())
    return z.object({ format: z.literal(format), value: shape }).parse(kept).value
  } catch {
    return undefined
  }
}

/** Rows of two texts, as of a map. */
export const keptPairs = z.array(z.tuple([z.string(), z.string()]))
