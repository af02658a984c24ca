/** An architecture that kernels are built for. */
export interface Machine {
  /** As in ARCH= of the kernel's Makefile. */
  readonly arch: string
  /** What distributions call it, the most common name first. */
  readonly names: readonly [string, ...string[]]
  /** As in `process.arch` of Node.js, or `none` where Node.js does not run. */
  readonly node: string
  /** Prefix of Debian's and Fedora's cross tools. */
  readonly crossCompile: string
}

const x86: Machine = {
  arch: 'x86_64',
  names: ['x86_64', 'amd64'],
  node: 'x64',
  crossCompile: 'x86_64-linux-gnu-',
}

const others: readonly Machine[] = [
  { arch: 'arm64', names: ['aarch64', 'arm64'], node: 'arm64', crossCompile: 'aarch64-linux-gnu-' },
  {
    arch: 'powerpc',
    names: ['ppc64le', 'ppc64el'],
    node: 'ppc64',
    crossCompile: 'powerpc64le-linux-gnu-',
  },
  { arch: 's390', names: ['s390x'], node: 's390x', crossCompile: 's390x-linux-gnu-' },
  { arch: 'riscv', names: ['riscv64'], node: 'riscv64', crossCompile: 'riscv64-linux-gnu-' },
  {
    arch: 'loongarch',
    names: ['loongarch64', 'loong64'],
    node: 'loong64',
    crossCompile: 'loongarch64-linux-gnu-',
  },
  { arch: 'arm', names: ['armv7hl', 'armhf'], node: 'arm', crossCompile: 'arm-linux-gnueabihf-' },
  { arch: 'i386', names: ['i686', 'i386'], node: 'ia32', crossCompile: 'i686-linux-gnu-' },
  { arch: 'powerpc', names: ['ppc64'], node: 'none', crossCompile: 'powerpc64-linux-gnu-' },
  { arch: 'ia64', names: ['ia64'], node: 'none', crossCompile: 'ia64-linux-gnu-' },
  { arch: 'mips', names: ['mips64', 'mips64el'], node: 'none', crossCompile: 'mips64-linux-gnuabi64-' },
  { arch: 'sw_64', names: ['sw_64'], node: 'none', crossCompile: 'sw_64-linux-gnu-' },
]

const all: readonly Machine[] = [x86, ...others]

/** The machine that `process.arch` means, or x86_64 when it is none that kernels are built on. */
export function machineOf(node: string): Machine {
  return others.find((machine) => machine.node === node) ?? x86
}

/** The machine of an architecture, as in ARCH= of the kernel's Makefile. */
export function machineOfArch(arch: string): Machine | undefined {
  return all.find((machine) => machine.arch === arch)
}

/** The machine that a distribution's name for an architecture means. */
export function machineNamed(name: string): Machine | undefined {
  return all.find(({ names }) => names.includes(name))
}

/** The machine of a folder of the kernel's `arch/`. */
export function machineOfFolder(folder: string): Machine | undefined {
  return all.find((machine) => kernelFolder(machine) === folder)
}

/** The machine's folder in the kernel's `arch/`: two of the names are older than the folder they share. */
export function kernelFolder({ arch }: Machine): string {
  return arch === 'x86_64' || arch === 'i386' ? 'x86' : arch
}

/** Every name that distributions have for architectures, longer names before those they begin with. */
export const machineNames: readonly string[] = all
  .flatMap(({ names }) => names)
  .sort((a, b) => b.length - a.length)
