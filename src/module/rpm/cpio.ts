import { rpmFault, type RpmFault } from './rpm-header.ts'

/** A regular file of an archive. */
export interface CpioFile {
  /** Without a leading `./` or `/`. */
  readonly path: string
  readonly bytes: Uint8Array
}

const headerSize = 110
const longestPath = 64 * 1024
/** Ten times the files of the largest kernel package. */
const mostEntries = 500_000
const regular = 0o100000
const fileType = 0o170000

/** The number of each field is in a column of eight hex digits; those that are needed here. */
const fields = { mode: 1, links: 4, size: 6, nameSize: 11 } as const

/**
 * Lists the regular files of a cpio archive in the "new ASCII" form, in which RPM packs; their bytes are not copied.
 * Hard links to one file stand without content but for the last of them and are left out.
 * Source of the format: cpio(5) of libarchive; docs/manual/format_v4.md of rpm.
 */
export function cpioFiles(bytes: Uint8Array): readonly CpioFile[] | RpmFault {
  const files: CpioFile[] = []
  const decoder = new TextDecoder()
  let at = 0
  for (let entries = 0; entries < mostEntries; entries++) {
    if (at + 6 > bytes.length) return rpmFault('is cut off in its payload')
    const magic = ascii(bytes, at, 6)
    if (magic === '07070X') return rpmFault('has files of 4 GiB or more, which cannot be read here')
    if (magic !== '070701' && magic !== '070702')
      return rpmFault('is damaged: its payload is no cpio archive')
    if (at + headerSize > bytes.length) return rpmFault('is cut off in its payload')
    const [mode, links, size, nameSize] = [fields.mode, fields.links, fields.size, fields.nameSize].map(
      (field) => hexNumber(bytes, at + 6 + field * 8),
    )
    if (mode === undefined || links === undefined || size === undefined || nameSize === undefined) {
      return rpmFault('is damaged: its payload has an entry without sizes')
    }
    if (nameSize === 0 || nameSize > longestPath)
      return rpmFault('is damaged: its payload has too long a name')
    const content = align(at + headerSize + nameSize)
    const end = align(content + size)
    if (content + size > bytes.length) return rpmFault('is cut off in its payload')
    const path = decoder.decode(bytes.subarray(at + headerSize, at + headerSize + nameSize - 1))
    if (path === 'TRAILER!!!') return files
    if ((mode & fileType) === regular && !(links > 1 && size === 0)) {
      files.push({ path: path.replace(/^(?:\.?\/+)+/, ''), bytes: bytes.subarray(content, content + size) })
    }
    at = end
  }
  return rpmFault('has too many files in its payload')
}

function align(offset: number): number {
  return Math.ceil(offset / 4) * 4
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}

function hexNumber(bytes: Uint8Array, at: number): number | undefined {
  const text = ascii(bytes, at, 8)
  return /^[0-9A-Fa-f]{8}$/.test(text) ? parseInt(text, 16) : undefined
}
