import type { BlamedOption } from '../../abi/blame.ts'
import type { PatchLine } from '../../abi/cause.ts'
import type { ConfigOptions } from '../../abi/evidence.ts'
import { requestedIn, type ConfigRequest } from './config-requests.ts'
import { culprits } from './culprits.ts'
import { kconfigModel, type KconfigState } from './kconfig.ts'
import type { KconfigArch } from './kconfig-entries.ts'
import type { PatchedTree, TreeEdit, TreeView } from './patched-tree.ts'

/** Tells what a patch did to the configuration. */
export interface OptionBlames {
  /**
   * How the patch changed an option.
   * @param name with `CONFIG_`
   * @param before its value in the release, where that is recorded
   * @returns undefined for an option that the patch did not change, or of which that cannot be shown
   */
  readonly changeOf: (name: string, before?: string) => BlamedOption | undefined
}

/**
 * Holds the options of a configured kernel against a model of Kconfig in which edits of the patch are taken out. An option
 * whose real value the model does not give is never said to be the patch's doing.
 * @param edits those in files that Kconfig reads
 */
export function optionBlames(
  tree: PatchedTree,
  edits: readonly TreeEdit[],
  request: ConfigRequest,
  options: ConfigOptions,
  arch: KconfigArch,
): OptionBlames {
  if (edits.length === 0) return { changeOf: () => undefined }
  const actual = new Map([...options].map(([name, value]) => [name.slice('CONFIG_'.length), value]))
  const model = kconfigModel(tree.after, requestedIn(request, tree.after), actual, arch)
  const states = new WeakMap<TreeView, KconfigState>()
  const stateOf = (view: TreeView): KconfigState => {
    const state = states.get(view) ?? model.of(view, requestedIn(request, view))
    states.set(view, state)
    return state
  }
  const known = new Map<string, BlamedOption | undefined>()
  const find = (name: string, before: string | undefined): BlamedOption | undefined => {
    const bare = name.slice('CONFIG_'.length)
    if (!name.startsWith('CONFIG_') || !model.explains(bare)) return undefined
    const after = actual.get(bare) ?? 'n'
    const was = stateOf(tree.before).value(bare)
    if (was === undefined || was === after || (before !== undefined && was !== before)) return undefined
    const patch = culprits(tree, edits, (view) => stateOf(view).value(bare) === was)
    return patch.length === 0 ? undefined : { name, before: was, after, patch: tellingFirst(patch, bare) }
  }
  return {
    changeOf: (name, before) => {
      const key = `${name} ${before ?? ''}`
      if (!known.has(key)) known.set(key, find(name, before))
      return known.get(key)
    },
  }
}

/** The line that names the option first. */
function tellingFirst(lines: readonly PatchLine[], name: string): readonly PatchLine[] {
  const names = ({ text }: PatchLine): boolean => new RegExp(`(?<!\\w)(?:CONFIG_)?${name}(?!\\w)`).test(text)
  return [...lines.filter(names), ...lines.filter((line) => !names(line))]
}
