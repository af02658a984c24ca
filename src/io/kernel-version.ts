import { join } from 'node:path'
import { readText } from './read-text.ts'

/** The version of a kernel tree, as its Makefile says: `6.1.170`, `6.2.0-rc3`; undefined when it says none. */
export async function kernelVersion(folder: string): Promise<string | undefined> {
  const { value: makefile, problems } = await readText(join(folder, 'Makefile'))
  if (problems.length > 0) return undefined
  const [version, patchlevel, sublevel, extra] = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL', 'EXTRAVERSION'].map(
    (name) => new RegExp(`^${name}[ \\t]*=[ \\t]*([\\w.+-]*)`, 'm').exec(makefile)?.[1],
  )
  if (!version || !patchlevel) return undefined
  return `${version}.${patchlevel}${sublevel ? `.${sublevel}` : ''}${extra ?? ''}`
}
