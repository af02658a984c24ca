import { archiveFault, type ArchiveFault, type PackedFile } from './packed-file.ts'

const magic = '!<arch>\n'
const headerSize = 60
const ascii = new TextDecoder('latin1')

/** True for bytes that begin like an ar archive, which every Debian package is. */
export function isAr(bytes: Uint8Array): boolean {
  return ascii.decode(bytes.subarray(0, magic.length)) === magic
}

/** Lists the members of an ar archive in the form that Debian packages have (deb(5)). */
export function arMembers(archive: Uint8Array): readonly PackedFile[] | ArchiveFault {
  if (!isAr(archive)) return archiveFault('is no Debian package')
  const members: PackedFile[] = []
  for (let at = magic.length; at < archive.length;) {
    const header = ascii.decode(archive.subarray(at, at + headerSize))
    const [, name, digits] = /^(.{16}).{32}(\d{1,10}) *`\n$/s.exec(header) ?? []
    if (name === undefined || digits === undefined) return archiveFault('is a damaged Debian package')
    const start = at + headerSize
    const end = start + Number(digits)
    if (end > archive.length) return archiveFault('is a Debian package that is cut off')
    members.push({ path: name.trimEnd().replace(/\/$/, ''), bytes: archive.subarray(start, end) })
    at = end + (end % 2)
  }
  return members
}
