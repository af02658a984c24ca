/** What an architecture adds to the flags, by its option: those that add the same in every configuration. */
const archFlags: Readonly<Record<string, string>> = { X86_64: '', S390: '', ARM64: 'aarch64' }

/**
 * The vermagic that modules of a kernel get, by its configuration, where none of its modules is there: `6.1.0-47-amd64 SMP preempt mod_unload
 * modversions`. Undefined where the configuration does not tell: for other architectures than x86_64, s390x and arm64, where structures are
 * laid out at random, and for what is no configuration with modules.
 * Source: include/linux/vermagic.h of Linux 3.10 to 6.12, and asm/vermagic.h of these architectures.
 * @param config the text of its `.config`
 */
export function vermagicOfConfig(config: string, release: string | undefined): string | undefined {
  const set = new Set([...config.matchAll(/^CONFIG_(\w+)=y$/gm)].map(([, name = '']) => name))
  const arch = Object.keys(archFlags).find((name) => set.has(name))
  const random = [...set].some((name) => name.includes('RANDSTRUCT') && name !== 'RANDSTRUCT_NONE')
  const preempt = preemptFlag(set)
  if (arch === undefined || random || preempt === undefined || !set.has('MODULES')) return undefined
  const flags = [
    set.has('SMP') ? 'SMP' : '',
    preempt,
    set.has('MODULE_UNLOAD') ? 'mod_unload' : '',
    set.has('MODVERSIONS') ? 'modversions' : '',
    archFlags[arch] ?? '',
  ]
  return [release ?? '', ...flags.filter((flag) => flag !== '')].join(' ')
}

/** Which option counts differs between releases; where that matters, it is not known. */
function preemptFlag(set: ReadonlySet<string>): string | undefined {
  if (set.has('PREEMPT_BUILD')) return 'preempt'
  if (!set.has('PREEMPT')) return set.has('PREEMPT_RT') ? 'preempt_rt' : ''
  return set.has('PREEMPT_RT') ? undefined : 'preempt'
}
