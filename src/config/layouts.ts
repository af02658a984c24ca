/**
 * Where a distribution keeps the configurations and lists of its kernels. Paths are patterns from the top of the tree or of the
 * package's folder; one that ends in `/` is a folder. Of the same variant in one place the earlier pattern counts.
 *
 * | placeholder | stands for |
 * |---|---|
 * | `{arch}` | what distributions call an architecture: `x86_64`, `amd64` |
 * | `{variant}` | that name, perhaps with a flavour behind it or a tier before it: `x86_64-rt`, `x86_64debug`, `ext1_aarch64` |
 * | `{flavour}` | a flavour in lower case |
 * | `{vendor}` | the same, with `_` for `-` |
 * | `{kernel-arch}` | a folder of the kernel's `arch/` |
 * | `{version}` | a version; the newest counts |
 * | `{release}` | the release of a distribution, where a tree has several |
 * | `{folder}` | any folder |
 */
export interface Layout {
  /** Whose it is; a comment in `kabi.yml` says so. */
  readonly who: string
  /** Complete configurations. */
  readonly configs: readonly ConfigPlace[]
  readonly lists: readonly ListPlace[]
  /** Folders with pieces from which the distribution's tools make complete configurations. */
  readonly pieces?: Pieces
}

export interface ConfigPlace {
  readonly path: string
  /** The architecture, where the path does not tell it: a name that distributions use. */
  readonly arch?: string
  /** A default configuration, by its name, instead of a file. */
  readonly kind?: 'defconfig'
  /** Of a file that holds only differences: the flavour of the same architecture from which it differs. */
  readonly over?: string
  readonly llvm?: true
}

export interface ListPlace {
  readonly path: string
  /** The architecture, where the path does not tell it. */
  readonly arch?: string
  /** For names without checksums: where their checksums stand. */
  readonly checksums?: string
  /** Several such lists of names make up what is protected; nothing in the tree has their checksums. */
  readonly kind?: 'symbols'
}

export interface Pieces {
  readonly path: string
  /** What makes complete configurations from them. */
  readonly command: string
  /** Where the command puts them; git ignores that place, or it lies outside of the tree. */
  readonly result: string
}

const files = (...paths: readonly string[]) => paths.map((path) => ({ path }))

/** Lists of names and tables of checksums, by the names that RHEL and its kin gave them. */
const kabiFiles = (folder: string): readonly ListPlace[] => [
  ...['kabi_lockedlist', 'kabi_stablelist', 'kabi_whitelist'].map((name) => ({
    path: `${folder}${name}_{variant}`,
    checksums: `${folder}Module.kabi_{variant}`,
  })),
  { path: `${folder}Module.kabi_{variant}` },
]

/** Configurations by the names that Fedora, RHEL and their kin give them. */
const kernelConfigs = (folder: string) =>
  files(
    `${folder}kernel-{variant}-rhel.config`,
    `${folder}kernel-{version}-{variant}-rhel.config`,
    `${folder}kernel-{variant}.config`,
    `${folder}kernel-{version}-{variant}.config`,
  )

const defconfigs = (...names: readonly string[]): readonly ConfigPlace[] =>
  names.map((name) => ({ path: `arch/{kernel-arch}/configs/${name}_defconfig`, kind: 'defconfig' }))

/** The layouts that kabi-gate knows; what several distributions share comes last. docs/formats.md has the same table for people. */
export const layouts: readonly Layout[] = [
  {
    who: 'RHEL and CentOS Stream',
    configs: kernelConfigs('redhat/configs/'),
    lists: [...files('redhat/kabi/kabi-module/kabi_{variant}/'), ...kabiFiles('redhat/kabi/')],
    pieces: {
      path: 'redhat/configs',
      command: 'make dist-configs',
      result: 'redhat/configs/kernel-VARIANT-rhel.config',
    },
  },
  {
    who: 'XCP-ng',
    configs: [],
    lists: [
      { path: 'Module.kabi', arch: 'x86_64' },
      { path: '{folder}/Module.kabi', arch: 'x86_64' },
    ],
  },
  {
    who: 'SUSE',
    configs: [{ path: 'config/{arch}/{flavour}', over: 'default' }],
    lists: files('kabi/{arch}/symvers-{flavour}'),
  },
  {
    who: 'Oracle UEK',
    configs: files('uek-rpm/{release}/config-{variant}'),
    lists: kabiFiles('uek-rpm/{release}/'),
  },
  {
    who: 'default configuration of the distribution',
    configs: defconfigs('openeuler', 'nestos', 'anolis', 'velinux'),
    lists: [],
  },
  {
    who: 'OpenCloudOS and TencentOS',
    configs: [
      { path: 'dist/configs/00base/generic/{arch}.config' },
      { path: 'package/default/config.default', arch: 'x86_64' },
      { path: 'package/arm/config.default', arch: 'aarch64' },
    ],
    lists: [...kabiFiles('dist/kabi/'), ...kabiFiles('package/{folder}/')],
    pieces: {
      path: 'dist/configs',
      command: 'make dist-configs',
      result: 'dist/rpm/SOURCES/generic-release.ARCH.config',
    },
  },
  {
    who: 'Ubuntu',
    configs: files('CONFIGS/{arch}-config.flavour.{flavour}'),
    lists: files('{folder}/abi/{version}/{arch}/{flavour}', '{folder}/abi/{arch}/{flavour}'),
    pieces: {
      path: '{folder}/config/annotations',
      command: 'fakeroot debian/rules genconfigs',
      result: 'CONFIGS/ARCH-config.flavour.FLAVOUR',
    },
  },
  {
    who: 'Debian',
    configs: files('debian/build/build_{arch}_none_{flavour}/.config'),
    lists: files('debian/abi/{version}/{arch}_none_{flavour}'),
    pieces: {
      path: 'debian/config',
      command: 'make -f debian/rules.gen setup_ARCH_none_FLAVOUR',
      result: 'debian/build/build_ARCH_none_FLAVOUR/.config',
    },
  },
  {
    who: 'Android',
    configs: [{ path: 'arch/{kernel-arch}/configs/gki_defconfig', kind: 'defconfig', llvm: true }],
    lists: [
      { path: 'android/abi_gki_{arch}', kind: 'symbols' },
      { path: 'android/abi_gki_{arch}_{vendor}', kind: 'symbols' },
      { path: 'gki/{arch}/symbols/{vendor}', kind: 'symbols' },
    ],
  },
  {
    who: 'source package of RHEL and its kin',
    configs: [...kernelConfigs(''), ...kernelConfigs('{folder}/')],
    lists: [...kabiFiles(''), ...kabiFiles('{folder}/')],
  },
  {
    who: 'kabi-gate',
    configs: files('configs/{variant}.config'),
    lists: files('whitelists/{variant}/kabi_whitelist', 'stablelists/{variant}/kabi_stablelist'),
  },
]
