import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Contents of files by their path in a folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** Writes files into a folder; undefined ones are taken away. */
export function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array | undefined>>,
): void {
  for (const [name, contents] of Object.entries(files)) {
    const path = join(folder, name)
    if (contents === undefined) {
      rmSync(path, { force: true, recursive: true })
      continue
    }
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, contents)
  }
}
