/** An architecture that kernels are built for. */
export interface Machine {
  /** As in ARCH= of the kernel's Makefile. */
  readonly arch: string
  /** What distributions call it, the most common name first. */
  readonly names: readonly [string, ...string[]]
  /** As in `process.arch` of Node.js. */
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
]

/** The machine that `process.arch` means, or x86_64 when it is none that kernels are built on. */
export function machineOf(node: string): Machine {
  return others.find((machine) => machine.node === node) ?? x86
}

/** The machine of an architecture, as in ARCH= of the kernel's Makefile. */
export function machineOfArch(arch: string): Machine | undefined {
  return [x86, ...others].find((machine) => machine.arch === arch)
}
