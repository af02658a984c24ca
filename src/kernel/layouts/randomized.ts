import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layouts } from '../../abi/layouts/layout.ts'
import { quote } from '../../problem/quote.ts'
import type { EnabledObject } from '../exports/enabled-object.ts'
import type { KernelTree } from '../exports/kernel-tree.ts'

/**
 * A kernel that shuffles the members of structures does so by a seed that each build makes anew: what one build tells is true of no other,
 * and a compiler that is not given the seed tells of none.
 */
const what = 'randomizes how structures lie in memory, which each build does by a seed of its own'

/** `RANDSTRUCT` since Linux 5.19. */
const inConfiguration = /^CONFIG_(?:GCC_PLUGIN_)?RANDSTRUCT=y$/m

/** What a kernel's Makefiles, or a KCFLAGS of anybody's, give to gcc's plugin, or to clang. */
const onCommand =
  /^-(?:frandomize-layout-seed(?:-file)?=|fplugin\b.*randomize_layout|DRANDSTRUCT(?:_PLUGIN)?(?:=|$))/

/** Says why the layouts of a kernel that was configured are not to be looked at; undefined when nothing speaks against it. */
export async function whyRandomized(
  { output }: Pick<KernelTree, 'output'>,
  listed: readonly Pick<EnabledObject, 'compile'>[],
): Promise<string | undefined> {
  const config = await readFile(join(output, '.config'), 'latin1').catch(() => '')
  const [option] = inConfiguration.exec(config) ?? []
  if (option !== undefined) return `this configuration ${what} (${option})`
  for (const { compile } of listed) {
    const word = compile.find((one) => onCommand.test(one))
    if (word !== undefined) return `this configuration ${what} (${quote(word)} is given to the compiler)`
  }
  return undefined
}

/** The layouts that were wanted, none of which is known. */
export function allUnknown({ pointer, types, symbols }: Layouts, why: string): Layouts {
  const unknown = new Map([...types.keys(), ...symbols.keys()].map((name) => [name, why]))
  return { pointer, objects: [], types: new Map(), symbols: new Map(), unknown }
}

/** Says the same of a vmlinux, worded to follow its name: its modules have to name the digest of the seed (include/linux/vermagic.h). */
export function whyRandomizedVmlinux(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const mark = 'RANDSTRUCT_'
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    const here = text.toString('latin1', at, at + 100)
    if (/^RANDSTRUCT_(?:PLUGIN_)?[0-9a-f]{64}/.test(here)) return `${what} (RANDSTRUCT in its vermagic)`
  }
  return undefined
}
