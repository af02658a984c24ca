import { checkDigests, type HashOf } from './check-digests.ts'
import { readRpmHeader, rpmFault, type RpmFault, type RpmHeader } from './rpm-header.ts'

/** A dependency as a package's header has it: `kernel(printk)`, EQUAL, `0x92997ed8`. */
export interface RpmDependency {
  readonly name: string
  /** Bits of `rpmsense`: 2 less, 4 greater, 8 equal; others say where it comes from. */
  readonly flags: number
  /** Empty for a dependency on the name alone. */
  readonly version: string
}

/** What the headers of a package say. */
export interface RpmPackage {
  readonly kind: 'package'
  /** `kmod-e1000e-3.8.4-1.el9.x86_64`. */
  readonly label: string
  readonly arch: string
  /** When it was built, in seconds since 1970; undefined where it does not say so. */
  readonly buildTime: number | undefined
  readonly requires: readonly RpmDependency[]
  readonly provides: readonly RpmDependency[]
  readonly payload: { readonly offset: number; readonly format: string; readonly compressor: string }
}

const leadSize = 96

const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  buildTime: 1006,
  arch: 1022,
  requires: { names: 1049, flags: 1048, versions: 1050 },
  provides: { names: 1047, flags: 1112, versions: 1113 },
  payloadFormat: 1124,
  payloadCompressor: 1125,
} as const

/** Whether bytes begin as an RPM package does. */
export function isRpm(bytes: Uint8Array): boolean {
  return [0xed, 0xab, 0xee, 0xdb].every((byte, index) => bytes[index] === byte)
}

/**
 * Reads the lead and headers of an RPM package of format 3 or 4; the payload is left packed. Digests are
 * verified; signatures are not: that is for rpm, when it installs the package.
 * Source of the format: docs/manual/format_v4.md, format_header.md and tags.md of rpm.
 */
export async function readRpmPackage(bytes: Uint8Array, hashOf: HashOf): Promise<RpmPackage | RpmFault> {
  if (!isRpm(bytes)) return rpmFault('is not an RPM package')
  if (bytes.length < leadSize) return rpmFault('is cut off in its lead')
  const major = bytes[4] ?? 0
  if (major < 3 || major > 4)
    return rpmFault(`is an RPM package of format ${major}, which cannot be read here`)
  if (bytes[7] === 1) return rpmFault('is a source package: give the binary package with the modules')
  const signature = readRpmHeader(bytes, leadSize)
  if (signature.kind === 'fault') return signature
  const begin = Math.ceil(signature.end / 8) * 8
  const header = readRpmHeader(bytes, begin)
  if (header.kind === 'fault') return header
  const headerBytes = bytes.subarray(begin, header.end)
  const wrong = await checkDigests(
    { signature, header, headerBytes, payload: bytes.subarray(header.end) },
    hashOf,
  )
  if (wrong) return wrong
  const requires = dependencies(header, tags.requires)
  if ('kind' in requires) return requires
  const provides = dependencies(header, tags.provides)
  if ('kind' in provides) return provides
  const built = header.numbers(tags.buildTime)
  if ('kind' in built) return built
  const texts = [
    tags.name,
    tags.version,
    tags.release,
    tags.arch,
    tags.payloadFormat,
    tags.payloadCompressor,
  ].map((tag) => {
    const values = header.strings(tag)
    return 'kind' in values ? undefined : (values[0] ?? '')
  })
  const [name, version, release, arch, format, compressor] = texts
  if (
    !name ||
    !version ||
    !release ||
    arch === undefined ||
    format === undefined ||
    compressor === undefined
  ) {
    return rpmFault('is damaged: its header has no name, version or release')
  }
  return {
    kind: 'package',
    label: `${name}-${version}-${release}.${arch}`,
    arch,
    buildTime: built[0],
    requires,
    provides,
    // The first packages had no such tags: cpio packed with gzip.
    payload: { offset: header.end, format: format || 'cpio', compressor: compressor || 'gzip' },
  }
}

function dependencies(
  header: RpmHeader,
  { names, flags, versions }: (typeof tags)['requires' | 'provides'],
): readonly RpmDependency[] | RpmFault {
  const read = [header.strings(names), header.strings(versions)] as const
  const bits = header.numbers(flags)
  const [name, version] = read
  for (const values of [name, version, bits]) if ('kind' in values) return values
  if ('kind' in name || 'kind' in version || 'kind' in bits) return rpmFault('is damaged')
  if (version.length !== name.length || bits.length !== name.length) {
    return rpmFault('is damaged: its dependencies have not as many names as versions')
  }
  return name.map((text, index) => ({ name: text, version: version[index] ?? '', flags: bits[index] ?? 0 }))
}
