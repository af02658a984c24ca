import { archiveFault, type ArchiveFault, type PackedFile } from './packed-file.ts'

const block = 512
const ascii = new TextDecoder('latin1')
const text = new TextDecoder()

/**
 * Lists the plain files of a tar archive: those of ustar, with the long names of GNU (`L`) and of pax (`path`). Links,
 * folders and devices are passed over. Sources of the format: POSIX.1-2017, pax; tar.h of GNU tar.
 */
export function tarFiles(archive: Uint8Array): readonly PackedFile[] | ArchiveFault {
  const files: PackedFile[] = []
  let longName: string | undefined
  for (let at = 0; at + block <= archive.length;) {
    const header = archive.subarray(at, at + block)
    if (header.every((byte) => byte === 0)) return files
    if (!hasChecksum(header)) return archiveFault('is a damaged tar archive')
    const size = sizeOf(header)
    const start = at + block
    if (size === undefined || start + size > archive.length)
      return archiveFault('is a tar archive that is cut off')
    const content = archive.subarray(start, start + size)
    const type = String.fromCharCode(header[156] ?? 0)
    at = start + Math.ceil(size / block) * block
    if (type === 'L') longName = text.decode(content).replace(/\0.*$/s, '')
    else if (type === 'x') longName = paxPath(text.decode(content)) ?? longName
    else if (type !== 'g') {
      const path = longName ?? nameOf(header)
      longName = undefined
      if (type === '0' || type === '\0') files.push({ path: path.replace(/^(?:\.\/+)+/, ''), bytes: content })
    }
  }
  return archiveFault('is a tar archive that is cut off')
}

/** The sum of all bytes of the header, its own field taken as spaces. */
function hasChecksum(header: Uint8Array): boolean {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0)
  return octal(header.subarray(148, 156)) === sum
}

/** Sizes of 8 GiB and more, which GNU writes in binary, are refused with the archive. */
function sizeOf(header: Uint8Array): number | undefined {
  return octal(header.subarray(124, 136))
}

function octal(field: Uint8Array): number | undefined {
  const digits = /^ *([0-7]+)[ \0]*$/.exec(ascii.decode(field))?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits, 8)
}

function nameOf(header: Uint8Array): string {
  const field = (start: number, end: number) => text.decode(header.subarray(start, end)).replace(/\0.*$/s, '')
  const prefix = ascii.decode(header.subarray(257, 262)) === 'ustar' ? field(345, 500) : ''
  const name = field(0, 100)
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Records of a pax header: `27 path=lib/modules/a.ko`, the length of the whole first. */
function paxPath(records: string): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(records)?.[1]
}
