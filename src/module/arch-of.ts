import type { Elf } from './elf.ts'

/** What RPM calls the machines for which distributions build kernels, by `e_machine`: 64 bits, then 32. */
const arches: ReadonlyMap<number, readonly [wide: string, narrow: string]> = new Map([
  [3, ['i686', 'i686']],
  [8, ['mips64', 'mips']],
  [20, ['ppc', 'ppc']],
  [21, ['ppc64', 'ppc64']],
  [22, ['s390x', 's390']],
  [40, ['armv7hl', 'armv7hl']],
  [50, ['ia64', 'ia64']],
  [62, ['x86_64', 'x32']],
  [183, ['aarch64', 'aarch64']],
  [243, ['riscv64', 'riscv32']],
  [258, ['loongarch64', 'loongarch32']],
])

/** Machines that are named apart when they store the low byte first. */
const littleNames: ReadonlyMap<string, string> = new Map([
  ['ppc64', 'ppc64le'],
  ['mips64', 'mips64el'],
  ['mips', 'mipsel'],
])

/** The name of the machine of an ELF file, as RPM packages have it; `machine 9` for one without a name here. */
export function archOf({ machine, wide, little }: Pick<Elf, 'machine' | 'wide' | 'little'>): string {
  const names = arches.get(machine)
  if (!names) return `machine ${machine}`
  const name = names[wide ? 0 : 1]
  return (little ? littleNames.get(name) : undefined) ?? name
}
