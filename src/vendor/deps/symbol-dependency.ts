import { isSymbolName, parseCrc } from '../../abi/export.ts'
import type { RpmDependency } from '../../module/rpm/rpm-package.ts'
import type { Capability } from './format-dependency.ts'

/** A dependency of a package on what a kernel or its modules export. */
export type SymbolDependency = {
  readonly capability: Capability
  /** Of a symbol, or of a group of RHEL 5. */
  readonly name: string
  /** As `rpm -q --requires` prints it. */
  readonly text: string
} & (
  | { readonly kind: 'symbol'; readonly crc: number | undefined }
  | { readonly kind: 'group'; readonly hash: string }
  /** Neither of the forms that generators write. */
  | { readonly kind: 'other' }
)

const comparison = 0xe
const equal = 8

const signs: Readonly<Record<number, string>> = { 2: '<', 4: '>', 8: '=', 10: '<=', 12: '>=' }

/** Reads a dependency of the forms `kernel(...)` and `ksym(...)`; undefined for any other. */
export function symbolDependency(dependency: RpmDependency): SymbolDependency | undefined {
  const { name, flags, version } = dependency
  const [, capability, inside = ''] = /^(kernel|ksym)\(([^()]*)\)/.exec(name) ?? []
  if (capability !== 'kernel' && capability !== 'ksym') return undefined
  const base = {
    capability,
    name: inside.replace(/^[\w.+-]+:/, ''),
    text: dependencyText(dependency),
  } as const
  const compared = flags & comparison
  if (name !== `${capability}(${inside})` || !isSymbolName(base.name)) return { ...base, kind: 'other' }
  if (compared === 0 && version === '') return { ...base, kind: 'symbol', crc: undefined }
  if (compared !== equal) return { ...base, kind: 'other' }
  if (/^[0-9a-f]{40}$/.test(version)) return { ...base, kind: 'group', hash: version }
  const crc = parseCrc(version.startsWith('0x') ? version : '0x' + version)
  return crc === undefined ? { ...base, kind: 'other' } : { ...base, kind: 'symbol', crc }
}

/** Whether the flags of a dependency ask for one version. */
export function isEqual(flags: number): boolean {
  return (flags & comparison) === equal
}

/** `kernel-modules >= 5.14.0-70.el9`. */
export function dependencyText({ name, flags, version }: RpmDependency): string {
  const sign = signs[flags & comparison]
  return sign === undefined || version === '' ? name : `${name} ${sign} ${version}`
}
