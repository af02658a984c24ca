import { lstat, readdir, statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import type { KernelFacts } from './kernel-facts.ts'

const mebibyte = 1024 ** 2
const gibibyte = 1024 ** 3

/** Bytes that a variant's run takes. */
interface Room {
  readonly disk: number
  readonly memory: number
}

/**
 * What a variant's run takes, rounded up from measurements.
 * @see docs/configuration.md#what-the-machine-needs
 */
export function roomFor({ strategy, options }: KernelFacts): Room {
  if (strategy === 'exports') return { disk: 500 * mebibyte, memory: gibibyte }
  return hasDebugInfo(options)
    ? { disk: 25 * gibibyte, memory: 4 * gibibyte }
    : { disk: 5 * gibibyte, memory: 2 * gibibyte }
}

function hasDebugInfo(options: KernelFacts['options']): boolean {
  return [...options].some(([name, value]) => /^CONFIG_DEBUG_INFO(_DWARF\w+)?$/.test(name) && value === 'y')
}

/** What is free on the disk of a folder, which need not exist yet; undefined when the system does not tell. */
export async function freeDisk(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return dirname(folder) === folder ? undefined : freeDisk(dirname(folder))
  }
}

/** The bytes that the files of a folder hold; 0 when there is none. */
export async function folderSize(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += await folderSize(path)
    else bytes += (await lstat(path).catch(() => undefined))?.size ?? 0
  }
  return bytes
}

/** The memory of the machine, or of the container that this process is confined to. */
export function memorySize(): number {
  const confined = process.constrainedMemory()
  return confined > 0 ? Math.min(confined, totalmem()) : totalmem()
}
