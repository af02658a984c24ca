import { machineOf } from '../../config/machines.ts'
import type { Need } from './need.ts'

/** The packages that a program or header is in, by distribution; where one is absent, none is known. */
interface Packages {
  readonly apt?: string
  readonly dnf?: string
  /** What else to know before installing them. */
  readonly note?: string
}

/** How to install what is missing. */
export interface Installation {
  /** Packages of Debian and Ubuntu. */
  readonly apt: readonly string[]
  /** Packages of Fedora and EL. */
  readonly dnf: readonly string[]
  /** What no package gives, and what else to know. */
  readonly notes: readonly string[]
}

const knownPackages: Readonly<Record<string, Packages>> = {
  ...Object.fromEntries(
    ['make', 'flex', 'bison', 'bc', 'perl', 'cpio', 'python3', 'openssl', 'ccache'].map((name) => [
      name,
      { apt: name, dnf: name },
    ]),
  ),
  awk: { apt: 'gawk', dnf: 'gawk' },
  cmp: { apt: 'diffutils', dnf: 'diffutils' },
  find: { apt: 'findutils', dnf: 'findutils' },
  'dpkg-deb': { apt: 'dpkg', dnf: 'dpkg' },
  tar: { apt: 'tar', dnf: 'tar' },
  xz: { apt: 'xz-utils', dnf: 'xz' },
  pahole: { apt: 'dwarves', dnf: 'dwarves' },
  rustc: { apt: 'rustc rust-src', dnf: 'rust rust-src' },
  bindgen: { apt: 'bindgen', dnf: 'bindgen-cli' },
  'stdlib.h': { apt: 'libc6-dev', dnf: 'glibc-devel' },
  'gelf.h': { apt: 'libelf-dev', dnf: 'elfutils-libelf-devel' },
  'zlib.h': { apt: 'zlib1g-dev', dnf: 'zlib-devel' },
  'openssl/opensslv.h': { apt: 'libssl-dev', dnf: 'openssl-devel' },
  'elfutils/libdwfl.h': { apt: 'libdw-dev', dnf: 'elfutils-devel' },
}

/** Prefixes of cross tools, without the dash at the end, where the packages are not simply named after them. */
const unusualCross: Readonly<Record<string, { readonly dnf: false; readonly note: string }>> = {
  'arm-linux-gnueabihf': {
    dnf: false,
    note: 'Fedora has no arm-linux-gnueabihf-gcc; its gcc-arm-linux-gnu will do, with cross-compile: arm-linux-gnu-.',
  },
  'i686-linux-gnu': {
    dnf: false,
    note: 'Fedora and EL have no i686-linux-gnu-gcc; on an x86_64 machine leave cross-compile out, its gcc builds i386 too.',
  },
}

const crossNotes: readonly { readonly when: RegExp; readonly note: string }[] = [
  {
    when: /^loongarch64-/,
    note: 'Debian has a compiler for LoongArch from release 13 on, Ubuntu from 24.04 on, Fedora from 39 on.',
  },
]

const epel =
  'On RHEL and what is built from it, cross compilers come from EPEL, and not for every architecture.'

/** Programs of a GNU toolchain, perhaps with a prefix and a version. */
const gnuTool = /^(?:([a-z0-9_]+-linux-gnu[a-z0-9_]*)-)?(gcc|ld|ar|nm|objcopy)(-\d+)?$/
const llvmTool = /^(clang|ld\.lld|llvm-ar|llvm-nm|llvm-objcopy)(-\d+)?$/

/**
 * The packages that these are in, each once, in the order of the needs.
 * @param node the machine's architecture, as in `process.arch`
 */
export function installationOf(needs: readonly Need[], node: string = process.arch): Installation {
  const apt = new Set<string>()
  const dnf = new Set<string>()
  const notes = new Set<string>()
  for (const { name } of needs) {
    const packages = packagesOf(name, node)
    for (const word of packages.apt?.split(' ') ?? []) apt.add(word)
    for (const word of packages.dnf?.split(' ') ?? []) dnf.add(word)
    if (packages.note !== undefined) notes.add(packages.note)
    if (packages.apt === undefined && packages.dnf === undefined)
      notes.add(`No package is known for ${name}: install it, or correct the toolchain in kabi.yml.`)
  }
  return { apt: [...apt], dnf: [...dnf], notes: [...notes] }
}

/** The same in one paragraph, commands last so that no full stop follows them. */
export function installAdvice({ apt, dnf, notes }: Installation): string {
  const commands = [
    ...(apt.length > 0 ? [`Debian or Ubuntu: ${aptCommand(apt)}`] : []),
    ...(dnf.length > 0 ? [`Fedora or EL: ${dnfCommand(dnf)}`] : []),
    'to see all that is missing: kabi-gate doctor',
  ]
  return [...notes, commands.join('; ')].join(' ')
}

/** What a user of Debian or Ubuntu types. */
export function aptCommand(packages: readonly string[]): string {
  return `sudo apt-get install ${packages.join(' ')}`
}

/** What a user of Fedora or EL types. */
export function dnfCommand(packages: readonly string[]): string {
  return `sudo dnf install ${packages.join(' ')}`
}

function packagesOf(name: string, node: string): Packages {
  const [, cross, gnu, version = ''] = gnuTool.exec(name) ?? []
  if (gnu !== undefined) return gnuPackages(gnu === 'gcc' ? 'gcc' : 'binutils', cross, version, node)
  const [, llvm, llvmVersion = ''] = llvmTool.exec(name) ?? []
  if (llvm !== undefined) {
    const stem = llvm === 'clang' ? 'clang' : llvm === 'ld.lld' ? 'lld' : 'llvm'
    return { apt: `${stem}${llvmVersion}`, dnf: stem }
  }
  return Object.hasOwn(knownPackages, name) ? (knownPackages[name] ?? {}) : {}
}

function gnuPackages(
  stem: 'gcc' | 'binutils',
  cross: string | undefined,
  version: string,
  node: string,
): Packages {
  // Debian numbers its compilers, not its binutils; Fedora has one version of each.
  const numbered = stem === 'gcc' ? `gcc${version}` : stem
  if (cross === undefined) return { apt: numbered, dnf: stem }
  // Debian's native tools have the prefix too. Its package names have no underscore.
  const native = machineOf(node).crossCompile === `${cross}-`
  const apt = native ? numbered : `${numbered}-${cross.replaceAll('_', '-')}`
  if (Object.hasOwn(unusualCross, cross)) return { apt, note: unusualCross[cross]?.note ?? '' }
  const note = crossNotes.find(({ when }) => when.test(`${cross}-`))?.note ?? epel
  return { apt, dnf: `${stem}-${cross}`, note }
}
