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
 * Hashes parts as one.
 * @param by as `sha256`
 * @returns hexadecimal; undefined where this place cannot hash so
 */
export type HashOf = (by: string, parts: readonly Uint8Array[]) => Promise<string | undefined>

/**
 * Holds the digests that a package carries against its header and payload, as `rpm -K --nosignature` does: what was damaged, or
 * changed after the package was made, is no package. Who signed it is for rpm to say.
 * Source: docs/manual/signatures_digests.md and tags.md of rpm.
 * @returns undefined when every digest there is right, and at least one could be held against it
 */
export async function checkDigests(
  { signature, header, headerBytes, payload }: RpmParts,
  hashOf: HashOf,
): Promise<RpmFault | undefined> {
  const written = (from: RpmHeader, tag: number): string | undefined => {
    const values = from.strings(tag)
    return 'kind' in values ? 'damaged' : values[0]
  }
  const numbers = header.numbers(headerTags.payloadAlgorithm)
  const number = 'kind' in numbers ? 0 : (numbers[0] ?? 8)
  const md5 = signature.blob(signatureTags.md5)
  const whole = 'kind' in md5 ? 'damaged' : hexadecimal(md5)
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
  let held = 0
  const named = digests.filter(({ says }) => says)
  for (const { of, by, says, bytes } of named) {
    // A machine may refuse old digests, and rpm writes others beside them.
    const found = by === undefined ? undefined : await hashOf(by, bytes)
    if (found === undefined) continue
    held++
    if (found !== says?.toLowerCase())
      return rpmFault(`is damaged: its ${of} does not have the ${by ?? ''} that it says`)
  }
  return named.length > 0 && held === 0
    ? rpmFault('has digests of which none can be checked here')
    : undefined
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
