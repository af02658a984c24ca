import type { ConfigOptions } from '../../abi/evidence.ts'
import type { Problem } from '../../problem/problem.ts'

/**
 * Options with which gendwarfksyms cannot be asked object by object. With link time optimization an object is no ELF file
 * before it is linked; the exports of Rust code stand in one object, its checksums in others (rust/Makefile).
 */
const unfit = ['CONFIG_LTO_CLANG', 'CONFIG_RUST']

/** Says why the checksums of a configuration can only be had from a whole build; undefined when that is not so. */
export function whyFullBuild(options: ConfigOptions, file: string): Problem | undefined {
  if (options.get('CONFIG_GENDWARFKSYMS') !== 'y') return undefined
  const on = unfit.filter((name) => options.get(name) === 'y')
  if (on.length === 0) return undefined
  return {
    kind: 'config',
    message: `strategy exports does not know how to compute checksums with CONFIG_GENDWARFKSYMS and ${on.join(', ')}`,
    place: { file },
    advice: 'Use strategy full for this variant.',
  }
}
