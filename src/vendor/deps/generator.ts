/**
 * Whose dependency generators to follow: `rhel` is kernel-rpm-macros of RHEL 8 and later, Fedora and Azure Linux; `rhel7`
 * is redhat-rpm-config of RHEL 6 and 7; `suse` is rpm-config-SUSE. docs/packages.md tells how they differ.
 */
export const generators = ['rhel', 'rhel7', 'suse'] as const

export type Generator = (typeof generators)[number]

/** SUSE names the flavour with each symbol: `default`, `rt`; it is the end of the kernel's release. */
export type GeneratorStyle =
  { readonly generator: 'rhel' | 'rhel7' } | { readonly generator: 'suse'; readonly flavour: string }
