import type { DiskFault } from './iso9660.ts'

/** A file of a disk, read when it is needed. */
export interface DiskFile {
  /** With `/` between its parts, from the top of the disk. */
  readonly path: string
  readonly size: number
  readonly read: () => Promise<Uint8Array>
}

/** A driver update disk: which of its files are packages, and which are modules outside of any. */
export interface DriverDisk {
  readonly kind: 'disk'
  /** The label of its file system; undefined for a folder, or without one. */
  readonly label: string | undefined
  /** The text of `rhdd3`. */
  readonly description: string
  /** Folders below `rpms/` that hold packages, sorted. */
  readonly arches: readonly string[]
  readonly packages: readonly (DiskFile & { readonly arch: string })[]
  readonly modules: readonly DiskFile[]
  /** The paths of all its files, sorted. */
  readonly paths: readonly string[]
}

const longestDescription = 64 * 1024

/** An image may name the same bytes many times. */
const mostToRead = { files: 10_000, bytes: 4 * 1024 ** 3 } as const

/**
 * Finds out what is on a driver update disk, version 3: a file `rhdd3` with a description at the top, and packages in
 * `rpms/<arch>/`. Source of the layout: docs/driverdisc.rst of anaconda.
 */
export async function readDriverDisk(
  files: readonly DiskFile[],
  label: string | undefined,
): Promise<DriverDisk | DiskFault> {
  const marker = files.find(({ path }) => path === 'rhdd3')
  if (!marker) return fault('is no driver update disk: there is no rhdd3 at the top of it')
  if (marker.size > longestDescription) return fault('is no driver update disk: its rhdd3 is too long')
  const description = new TextDecoder().decode(await marker.read()).trim()
  const packages = files.flatMap((file) => {
    const [, arch] = /^rpms\/([^/]+)\/.*\.rpm$/.exec(file.path) ?? []
    return arch === undefined ? [] : [{ ...file, arch }]
  })
  const strayed = files.find(({ path }) => path.endsWith('.rpm') && !/^rpms\/[^/]+\//.test(path))
  if (strayed) return fault(`has a package outside of rpms/<arch>/: ${strayed.path}`)
  const modules = files.filter(({ path }) => /\.ko(?:\.(?:gz|xz|zst))?$/.test(path))
  const toRead = [...packages, ...modules]
  const bytes = toRead.reduce((sum, { size }) => sum + size, 0)
  if (toRead.length > mostToRead.files || bytes > mostToRead.bytes) {
    return fault('has more packages and modules than any driver update disk')
  }
  if (toRead.length === 0) return fault('is a driver update disk without packages or modules')
  const arches = [...new Set(packages.map(({ arch }) => arch))].sort()
  const paths = files.map(({ path }) => path).sort()
  return { kind: 'disk', label, description, arches, packages, modules, paths }
}

function fault(reason: string): DiskFault {
  return { kind: 'fault', reason }
}
