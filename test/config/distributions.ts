import type { Files } from '../support/workspace.ts'

/** A stand-in for a distribution's tree: the same names in the same places, without a kernel. */
export interface Distribution {
  readonly files: Files
  /** What `init` writes for each variant: its configuration, and its whitelist or what it says instead. */
  readonly variants: Readonly<Record<string, readonly [config: string, whitelist: string]>>
  readonly says?: readonly (string | RegExp)[]
  /** What `whitelist import` takes from it. */
  readonly imported: readonly string[]
  /** A folder of it, and what `whitelist import` takes from that folder. */
  readonly below?: readonly [folder: string, imported: readonly string[]]
}

export const makefile = `# SPDX-License-Identifier: GPL-2.0
VERSION = 6
PATCHLEVEL = 1
SUBLEVEL = 170
EXTRAVERSION =
NAME = Curry Ramen
`

const kernel = { Makefile: makefile, 'arch/x86/Makefile': '', 'arch/arm64/Makefile': '' }
/** A complete configuration, as RHEL writes it. */
const config = '# x86_64\nCONFIG_MODVERSIONS=y\n'
const complete = `#\n# Linux/x86_64 6.1.170 Kernel Configuration\n#\nCONFIG_MODVERSIONS=y\n`
const row = '0x12345678\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n'
const names = '[ol9_x86_64_whitelist]\t\n\tkfree\n'
const ubuntu = 'EXPORT_SYMBOL\tvmlinux\t0x12345678\tkfree\n'
const none = 'none'

export const distributions: Readonly<Record<string, Distribution>> = {
  'centos-stream': {
    files: {
      ...kernel,
      'redhat/configs/rhel/generic/CONFIG_64BIT': 'CONFIG_64BIT=y\n',
      'redhat/kabi/kabi-module/kabi_x86_64/kfree': `#1-\n${row}`,
      'redhat/kabi/kabi-module/kabi_aarch64/kfree': `#1-\n${row}`,
      'redhat/kabi/check-kabi': '',
    },
    variants: {
      x86_64: ['configs/kernel-x86_64.config', 'redhat/kabi/kabi-module/kabi_x86_64'],
      aarch64: ['configs/kernel-aarch64.config', 'redhat/kabi/kabi-module/kabi_aarch64'],
    },
    says: ['make dist-configs', 'commit copies'],
    imported: ['aarch64', 'x86_64'],
    below: ['redhat/kabi', ['aarch64', 'x86_64']],
  },
  almalinux: {
    files: {
      ...kernel,
      'almalinux/kernel-x86_64-rhel.config': config,
      'almalinux/kernel-x86_64-debug-rhel.config': config,
      'almalinux/kernel-x86_64_v2-rhel.config': config,
      'almalinux/kernel-aarch64-64k-rhel.config': config,
      'almalinux/kernel-aarch64-rhel.config': config,
      'almalinux/kernel-ppc64-rhel.config': '# EMPTY\n',
      'almalinux/partial-kgcov-snip.config': 'CONFIG_GCOV_KERNEL=y\n',
      'almalinux/Module.kabi_x86_64': row,
      'almalinux/Module.kabi_x86_64_v2': row,
      'almalinux/Module.kabi_aarch64': row,
      'almalinux/Module.kabi_dup_x86_64': '',
    },
    variants: {
      x86_64: ['almalinux/kernel-x86_64-rhel.config', 'almalinux/Module.kabi_x86_64'],
      x86_64_v2: ['almalinux/kernel-x86_64_v2-rhel.config', 'almalinux/Module.kabi_x86_64_v2'],
      'x86_64-debug': ['almalinux/kernel-x86_64-debug-rhel.config', none],
      aarch64: ['almalinux/kernel-aarch64-rhel.config', 'almalinux/Module.kabi_aarch64'],
      'aarch64-64k': ['almalinux/kernel-aarch64-64k-rhel.config', none],
    },
    imported: ['aarch64', 'x86_64', 'x86_64_v2'],
    below: ['almalinux', ['aarch64', 'x86_64', 'x86_64_v2']],
  },
  openela: {
    files: {
      'SOURCES/kernel-x86_64.config': config.replace('y', 'y\nCONFIG_SYSTEM_TRUSTED_KEYS="certs/rhel.pem"'),
      'SOURCES/Module.kabi_x86_64': row,
      'SPECS/kernel.spec': '',
    },
    variants: { x86_64: ['SOURCES/kernel-x86_64.config', 'SOURCES/Module.kabi_x86_64'] },
    says: ['holds no kernel', '--source TREE', "SYSTEM_TRUSTED_KEYS: ''"],
    imported: ['x86_64'],
  },
  rhel7: {
    files: {
      'kernel-3.10.0-x86_64.config': config,
      'kernel-3.10.0-x86_64-debug.config': config,
      'Module.kabi_x86_64': row,
      'Module.kabi_greylist_x86_64': row,
    },
    variants: {
      x86_64: ['kernel-3.10.0-x86_64.config', 'Module.kabi_x86_64'],
      'x86_64-debug': ['kernel-3.10.0-x86_64-debug.config', none],
    },
    imported: ['x86_64'],
  },
  rhel5: {
    files: {
      'kernel-2.6.18-i686.config': config,
      'kernel-2.6.18-i686-PAE.config': config,
      kabi_whitelist_i686: '[rhel5_net]\n\tkfree\n',
      'Module.kabi_i686': row,
      kabi_whitelist_i686PAE: '[rhel5_net]\n\tkfree\n',
      'Module.kabi_i686PAE': row,
    },
    variants: {
      i686: ['kernel-2.6.18-i686.config', 'kabi_whitelist_i686 with Module.kabi_i686'],
      i686PAE: ['kernel-2.6.18-i686-PAE.config', 'kabi_whitelist_i686PAE with Module.kabi_i686PAE'],
    },
    imported: ['i686', 'i686PAE'],
  },
  openeuler: {
    files: {
      ...kernel,
      'arch/x86/configs/openeuler_defconfig': '',
      'arch/arm64/configs/openeuler_defconfig': '',
      'arch/sw_64/configs/openeuler_defconfig': '',
      kabi_whitelist_x86_64: names,
      'Module.kabi_x86_64': row,
      kabi_whitelist_ext1_x86_64: names,
      'Module.kabi_ext1_x86_64': row,
    },
    variants: {
      x86_64: ['openeuler_defconfig', 'kabi_whitelist_x86_64 with Module.kabi_x86_64'],
      ext1_x86_64: ['openeuler_defconfig', 'kabi_whitelist_ext1_x86_64 with Module.kabi_ext1_x86_64'],
      aarch64: ['openeuler_defconfig', none],
      sw_64: ['openeuler_defconfig', none],
    },
    imported: ['ext1_x86_64', 'x86_64'],
  },
  opencloudos: {
    files: {
      ...kernel,
      'dist/configs/00base/generic/x86_64.config': complete,
      'dist/configs/00base/generic/aarch64.config': complete,
      'dist/configs/50variant/debug/x86_64.config': 'CONFIG_DEBUG_KERNEL=y\n',
      'dist/kabi/Module.kabi_x86_64': row,
      'dist/kabi/Module.kabi_aarch64': row,
    },
    variants: {
      x86_64: ['dist/configs/00base/generic/x86_64.config', 'dist/kabi/Module.kabi_x86_64'],
      aarch64: ['dist/configs/00base/generic/aarch64.config', 'dist/kabi/Module.kabi_aarch64'],
    },
    says: ['dist/configs holds pieces'],
    imported: ['aarch64', 'x86_64'],
    below: ['dist/kabi', ['aarch64', 'x86_64']],
  },
  tencentos: {
    files: {
      ...kernel,
      'package/default/config.default': complete,
      'package/default/Module.kabi_x86_64': row,
      'package/arm/config.default': complete,
      'package/arm/Module.kabi_aarch64': row,
    },
    variants: {
      x86_64: ['package/default/config.default', 'package/default/Module.kabi_x86_64'],
      aarch64: ['package/arm/config.default', 'package/arm/Module.kabi_aarch64'],
    },
    imported: ['aarch64', 'x86_64'],
  },
  suse: {
    files: {
      'config/x86_64/default': complete,
      'config/x86_64/kvmsmall': '# CONFIG_AGP is not set\nCONFIG_LOCALVERSION="-kvmsmall"\n',
      'config/arm64/default': complete,
      'config/arm64/64kb': complete,
      'config.conf': '',
      'kabi/x86_64/symvers-default': row,
      'kabi/x86_64/symtypes-default': '',
      'kabi/arm64/symvers-default': row,
      'kabi/severities': 'drivers/* PASS\n',
    },
    variants: {
      'x86_64-default': ['config/x86_64/default', 'kabi/x86_64/symvers-default'],
      'x86_64-kvmsmall': ['config/x86_64/default + config/x86_64/kvmsmall', none],
      'arm64-default': ['config/arm64/default', 'kabi/arm64/symvers-default'],
      'arm64-64kb': ['config/arm64/64kb', none],
    },
    says: ['preset: suse', 'severities: kabi/severities'],
    imported: ['arm64-default', 'x86_64-default'],
    below: ['kabi', ['arm64-default', 'x86_64-default']],
  },
  uek: {
    files: {
      ...kernel,
      'uek-rpm/ol9/config-x86_64': config,
      'uek-rpm/ol9/config-x86_64-debug': config,
      'uek-rpm/ol9/config-x86_64-container': config,
      'uek-rpm/ol9/config-aarch64': config,
      'uek-rpm/ol9/kabi_lockedlist_x86_64': names,
      'uek-rpm/ol9/kabi_lockedlist_x86_64debug': names,
      'uek-rpm/ol9/kabi_lockedlist_x86_64.fips': names,
      'uek-rpm/ol9/kabi_lockedlist_aarch64': names,
      'uek-rpm/ol9/Module.kabi_x86_64': row,
      'uek-rpm/ol9/Module.kabi_x86_64debug': row,
      'uek-rpm/ol9/Module.kabi_x86_64.fips': row,
      'uek-rpm/ol9/Module.kabi_aarch64': row,
      'uek-rpm/ol9/Symtypes.kabi_x86_64': '',
    },
    variants: {
      x86_64: [
        'uek-rpm/ol9/config-x86_64',
        'uek-rpm/ol9/kabi_lockedlist_x86_64 with uek-rpm/ol9/Module.kabi_x86_64',
      ],
      'x86_64.fips': [
        'uek-rpm/ol9/config-x86_64',
        'uek-rpm/ol9/kabi_lockedlist_x86_64.fips with uek-rpm/ol9/Module.kabi_x86_64.fips',
      ],
      x86_64debug: [
        'uek-rpm/ol9/config-x86_64-debug',
        'uek-rpm/ol9/kabi_lockedlist_x86_64debug with uek-rpm/ol9/Module.kabi_x86_64debug',
      ],
      'x86_64-container': ['uek-rpm/ol9/config-x86_64-container', none],
      aarch64: [
        'uek-rpm/ol9/config-aarch64',
        'uek-rpm/ol9/kabi_lockedlist_aarch64 with uek-rpm/ol9/Module.kabi_aarch64',
      ],
    },
    says: ['no configuration of its own'],
    imported: ['aarch64', 'x86_64', 'x86_64.fips', 'x86_64debug'],
    below: ['uek-rpm', ['aarch64', 'x86_64', 'x86_64.fips', 'x86_64debug']],
  },
  'uek of two releases': {
    files: {
      ...kernel,
      'uek-rpm/ol8/config-x86_64': config,
      'uek-rpm/ol8/Module.kabi_x86_64': row,
      'uek-rpm/ol9/config-x86_64': config,
      'uek-rpm/ol9/Module.kabi_x86_64': row,
    },
    variants: {
      'ol8-x86_64': ['uek-rpm/ol8/config-x86_64', 'uek-rpm/ol8/Module.kabi_x86_64'],
      'ol9-x86_64': ['uek-rpm/ol9/config-x86_64', 'uek-rpm/ol9/Module.kabi_x86_64'],
    },
    imported: ['ol8-x86_64', 'ol9-x86_64'],
  },
  'xcp-ng': {
    files: {
      'SOURCES/kernel-x86_64.config': complete,
      'SOURCES/Module.kabi': row,
      'SOURCES/check-kabi': '',
      'SPECS/kernel.spec': '',
    },
    variants: { x86_64: ['SOURCES/kernel-x86_64.config', 'SOURCES/Module.kabi'] },
    imported: ['x86_64'],
    below: ['SOURCES', ['x86_64']],
  },
  ubuntu: {
    files: {
      ...kernel,
      'debian.master/config/annotations': '',
      'debian.master/abi/5.4.0-99.112/amd64/generic': ubuntu,
      'debian.master/abi/5.4.0-101.114/amd64/generic': ubuntu,
      'debian.master/abi/5.4.0-101.114/amd64/generic.modules': 'ext4\n',
      'debian.master/abi/5.4.0-101.114/amd64/lowlatency': ubuntu,
      'debian.master/abi/5.4.0-101.114/arm64/generic': ubuntu,
      'debian.master/abi/5.4.0-101.114/fwinfo': '',
    },
    variants: {
      'amd64-generic': [
        'configs/kernel-amd64-generic.config',
        'debian.master/abi/5.4.0-101.114/amd64/generic',
      ],
      'amd64-lowlatency': [
        'configs/kernel-amd64-lowlatency.config',
        'debian.master/abi/5.4.0-101.114/amd64/lowlatency',
      ],
      'arm64-generic': [
        'configs/kernel-arm64-generic.config',
        'debian.master/abi/5.4.0-101.114/arm64/generic',
      ],
    },
    says: ['fakeroot debian/rules genconfigs'],
    imported: ['amd64-generic', 'amd64-lowlatency', 'arm64-generic'],
    below: ['debian.master/abi', ['amd64-generic', 'amd64-lowlatency', 'arm64-generic']],
  },
  debian: {
    files: {
      ...kernel,
      'debian/config/amd64/config': 'CONFIG_64BIT=y\n',
      'debian/build/build_amd64_none_amd64/.config': complete,
      'debian/abi/5.10.0-9/amd64_none_amd64': row,
      'debian/abi/5.10.0-9/amd64_none_cloud-amd64': row,
    },
    variants: {
      amd64: ['debian/build/build_amd64_none_amd64/.config', 'debian/abi/5.10.0-9/amd64_none_amd64'],
      'cloud-amd64': [
        'debian/build/build_amd64_none_amd64/.config',
        'debian/abi/5.10.0-9/amd64_none_cloud-amd64',
      ],
    },
    says: ['debian/rules.gen'],
    imported: ['amd64', 'cloud-amd64'],
  },
  android: {
    files: {
      ...kernel,
      'arch/x86/configs/gki_defconfig': '',
      'arch/arm64/configs/gki_defconfig': '',
      'android/abi_gki_aarch64': '[abi_symbol_list]\n  kfree\n',
      'android/abi_gki_aarch64_pixel': '[abi_symbol_list]\n  kfree\n',
      'android/abi_gki_aarch64.stg': 'version: 2\n',
      'android/abi_gki_protected_exports_aarch64': 'kfree\n',
    },
    variants: {
      x86_64: ['gki_defconfig', 'looked for'],
      aarch64: ['gki_defconfig', 'looked for'],
    },
    says: ['llvm: true', 'android/abi_gki_aarch64_pixel', 'whitelist create --variant aarch64 --names'],
    imported: ['aarch64', 'aarch64-pixel'],
    below: ['android', ['aarch64', 'aarch64-pixel']],
  },
  'android 16': {
    files: {
      ...kernel,
      'arch/arm64/configs/gki_defconfig': '',
      'gki/aarch64/symbols/base': '[abi_symbol_list]\n  kfree\n',
      'gki/aarch64/symbols/pixel': '[abi_symbol_list]\n  kfree\n',
      'gki/aarch64/abi.stg': '',
    },
    variants: { aarch64: ['gki_defconfig', 'looked for'] },
    says: ['without checksums: gki/aarch64/symbols/base gki/aarch64/symbols/pixel'],
    imported: ['aarch64-base', 'aarch64-pixel'],
  },
  'kabi-gate': {
    files: {
      ...kernel,
      'configs/x86_64.config': complete,
      'configs/kernel-aarch64.config': complete,
      'whitelists/x86_64/kabi_whitelist': row,
      'whitelists/aarch64/kabi_whitelist': row,
    },
    variants: {
      x86_64: ['configs/x86_64.config', 'whitelists/x86_64/kabi_whitelist'],
      aarch64: ['configs/kernel-aarch64.config', 'whitelists/aarch64/kabi_whitelist'],
    },
    imported: ['aarch64', 'x86_64'],
    below: ['whitelists', ['aarch64', 'x86_64']],
  },
}
