import { kernelFolder, machineNamed } from '../../config/machines.ts'
import type { KernelModule } from '../../module/kernel-module.ts'
import type { PageVariant } from './page-data.ts'

/**
 * The variant that a module was built for, by its machine and by the kernel's release in its vermagic:
 * `6.1.0-47-cloud-amd64` is of `cloud-amd64`, `5.14.0-427.el9.aarch64+64k` of `aarch64-64k`, and `6.1.0-47-rt-amd64` is not
 * of `amd64`. A release that names no flavour is of the only variant for the machine. Undefined for any other.
 */
export function variantOf(
  { arch, info }: Pick<KernelModule, 'arch' | 'info'>,
  variants: readonly PageVariant[],
): PageVariant | undefined {
  const machine = machineNamed(arch)
  const possible = variants.filter((variant) => {
    return (
      variant.arch === '' ||
      variant.arch === machine?.arch ||
      variant.arch === (machine && kernelFolder(machine))
    )
  })
  const release = plain(info.vermagic?.split(' ')[0] ?? '')
  const named = possible
    .filter(({ name }) => release.endsWith(`-${plain(name)}`))
    .filter(({ name }) => hasNoFlavour(release.slice(0, -name.length - 1)))
    .sort((one, other) => other.name.length - one.name.length)
  const known = possible.filter((variant) => variant.arch !== '')
  return named[0] ?? (known.length === 1 && hasNoFlavour(release) ? known[0] : undefined)
}

/** With `-` for what distributions put between the parts of a release. */
function plain(text: string): string {
  return text.replaceAll(/[.+~_]/g, '-')
}

/** Versions, builds and machines have digits, and flavours have none. */
function hasNoFlavour(release: string): boolean {
  return release.split('-').every((part) => /\d/.test(part))
}
