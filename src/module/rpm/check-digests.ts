import { createHash, getHashes } from 'node:crypto'
import { rpmFault, type RpmFault, type RpmHeader } from './rpm-header.ts'

/** Where the parts of a package are. */
interface RpmParts {
  readonly signature: RpmHeader
  readonly header: RpmHeader
  /** The header with its beginning, as it stands in the file. */
  readonly headerBytes: Uint8Array
  /** What comes behind the header: the packed payload. */
  readonly payload: Uint8Array
}

const signatureTags = { sha1: 269, sha256: 273, md5: 1004 } as const
const headerTags = { payloadDigest: 5092, payloadAlgorithm: 5093 } as const

/** Numbers of OpenPGP for the digests that rpm writes; those that a package does not name are SHA-256. */
const algorithms: Readonly<Record<number, string>> = { 2: 'sha1', 8: 'sha256', 9: 'sha384', 10: 'sha512' }

/**
 * Holds the digests that a package carries against its header and payload, as `rpm -K --nosignature` does: what was damaged, or
 * changed after the package was made, is no package. Who signed it is for rpm to say.
 * Source: docs/manual/signatures_digests.md and tags.md of rpm.
 * @returns undefined when every digest there is right
 */
export function checkDigests({ signature, header, headerBytes, payload }: RpmParts): RpmFault | undefined {
  const written = (from: RpmHeader, tag: number): string | undefined => {
    const values = from.strings(tag)
    return 'kind' in values ? 'damaged' : values[0]
  }
  const numbers = header.numbers(headerTags.payloadAlgorithm)
  const number = 'kind' in numbers ? 0 : (numbers[0] ?? 8)
  const md5 = signature.blob(signatureTags.md5)
  const whole = 'kind' in md5 ? 'damaged' : Buffer.from(md5).toString('hex')
  const digests = [
    { of: 'header', by: 'sha1', says: written(signature, signatureTags.sha1), bytes: [headerBytes] },
    { of: 'header', by: 'sha256', says: written(signature, signatureTags.sha256), bytes: [headerBytes] },
    {
      of: 'payload',
      by: algorithms[number],
      says: written(header, headerTags.payloadDigest),
      bytes: [payload],
    },
    { of: 'header and payload', by: 'md5', says: whole, bytes: [headerBytes, payload] },
  ]
  const known = new Set(getHashes())
  for (const { of, by, says, bytes } of digests) {
    // A machine may refuse old digests, and rpm writes others beside them.
    if (!says || by === undefined || !known.has(by)) continue
    const hash = createHash(by)
    for (const part of bytes) hash.update(part)
    if (hash.digest('hex') !== says.toLowerCase())
      return rpmFault(`is damaged: its ${of} does not have the ${by} that it says`)
  }
  return undefined
}
