import type { PolicyPreset } from '../judge/policy.ts'

export type ConfigPresetName = 'rhel5'

/** What a preset brings to a configuration. */
interface ConfigPreset {
  /** Names of variants, and what the kernel's Makefile calls their architectures. */
  readonly variants: Readonly<Record<string, string>>
  readonly policy: PolicyPreset
}

/** `rhel5`: the variants for which RHEL 5 kept whitelists. */
export const configPresets: Readonly<Record<ConfigPresetName, ConfigPreset>> = {
  rhel5: {
    variants: {
      i686: 'i386',
      i686PAE: 'i386',
      i686xen: 'i386',
      ia64: 'ia64',
      ia64xen: 'ia64',
      ppc64: 'powerpc',
      ppc64kdump: 'powerpc',
      s390x: 's390',
      x86_64: 'x86_64',
      x86_64xen: 'x86_64',
    },
    policy: 'rhel5',
  },
}
