import { fewest } from '../../explain/locate/fewest.ts'
import { readKbuild } from '../../explain/locate/kbuild.ts'
import type { TreeView } from '../../explain/locate/patched-tree.ts'
import { writtenExports } from '../../explain/locate/written-exports.ts'

/** The value of an option as a .config has it, `n` for one that is not set; undefined where it is not known. */
export type KnownOption = (option: string) => string | undefined

/** Why a variant does not export a name that its source exports: options that are not set, or another architecture. */
export interface NotEnabled {
  readonly file: string
  readonly line: number
  /** With `CONFIG_`; at least one, unless the file belongs to another architecture. */
  readonly options: readonly string[]
}

/** Of which exports of a source it can be told, from Makefiles and `#if` alone, that a configuration is without them. */
export interface EnabledExports {
  /**
   * True unless it is certain that no object exports the name.
   * @param files those that export it by their text
   */
  readonly mayExport: (name: string, files: readonly string[]) => boolean
  /** Why it is certain; undefined where it is not. */
  readonly whyNot: (name: string, files: readonly string[]) => NotEnabled | undefined
}

/**
 * Reads Makefiles and sources of a tree for one configuration. Options that are not known count as set in whichever way
 * enables an export, conditions that are not understood as true.
 * @param isForeign tells the files of other architectures
 */
export function enabledExports(
  view: TreeView,
  srcarch: string,
  known: KnownOption,
  isForeign: (file: string) => boolean,
): EnabledExports {
  const readings = new Map<string, Reading>()
  const reading = (forced: readonly string[]): Reading => {
    const key = forced.join(' ')
    const one = readings.get(key) ?? readWith(view, srcarch, known, new Set(forced))
    readings.set(key, one)
    return one
  }
  const has = (name: string, file: string, forced: readonly string[]): boolean =>
    !isForeign(file) && reading(forced).has(name, file)
  /** The options without which the export is not there, from all that could have a part in it. */
  const culprits = (name: string, file: string): readonly string[] | undefined => {
    const off = optionsAround(view, file).filter((option) => known(option) === 'n')
    if (!has(name, file, off)) return undefined
    // Where one of two would do, the later is named.
    return fewest(off.toReversed(), (some) => has(name, file, some)).toReversed()
  }
  return {
    mayExport: (name, files) => files.some((file) => has(name, file, [])),
    whyNot: (name, files) => {
      const reasons = files.map((file): NotEnabled | undefined => {
        const line = lineOf(view, file, name)
        if (isForeign(file)) return { file, line, options: [] }
        const options = has(name, file, []) ? undefined : culprits(name, file)
        return options && { file, line, options }
      })
      if (reasons.includes(undefined)) return undefined
      return reasons.find((reason) => reason && reason.options.length > 0) ?? reasons[0]
    },
  }
}

interface Reading {
  readonly has: (name: string, file: string) => boolean
}

function readWith(
  view: TreeView,
  srcarch: string,
  known: KnownOption,
  forced: ReadonlySet<string>,
): Reading {
  const value = (option: string): string | undefined => (forced.has(option) ? 'y' : known(option))
  const kbuild = readKbuild(
    view,
    (option) => {
      const one = value(option) ?? 'y'
      return one === 'n' ? undefined : one
    },
    srcarch,
  )
  const isDefined = (macro: string): boolean | undefined => {
    if (macro === '__KERNEL__' || macro === '__GNUC__') return true
    if (macro === '__cplusplus') return false
    const [, option = '', module] = /^(CONFIG_\w+?)(_MODULE)?$/.exec(macro) ?? []
    const one = option === '' ? undefined : value(option)
    if (one === undefined) return undefined
    return module === undefined ? one !== 'n' && one !== 'm' : one === 'm'
  }
  const live = new Map<string, ReadonlySet<string>>()
  const liveIn = (file: string): ReadonlySet<string> => {
    const names =
      live.get(file) ??
      new Set(
        writtenExports(view.text(file) ?? '', { isDefined, included: () => undefined, namespace: '' }).map(
          ({ symbol }) => symbol,
        ),
      )
    live.set(file, names)
    return names
  }
  return {
    // A header is read by others; of a file that no Makefile names, nothing is known.
    has: (name, file) => {
      const [, path] = /^(.*)\.[cS]$/.exec(file) ?? []
      return path === undefined || (kbuild.builtAs(`${path}.o`) !== undefined && liveIn(file).has(name))
    },
  }
}

/** The options that the Makefiles on the way to a file and its own text name, with `CONFIG_`. */
function optionsAround(view: TreeView, file: string): readonly string[] {
  const folders = file.split('/').map((_, at, parts) => parts.slice(0, at).join('/'))
  const texts = [
    view.text(file),
    ...folders.flatMap((folder) =>
      ['Kbuild', 'Makefile'].map((name) => view.text(folder === '' ? name : `${folder}/${name}`)),
    ),
  ]
  return [...new Set(texts.flatMap((text) => text?.match(/\bCONFIG_\w+/g) ?? []))]
}

function lineOf(view: TreeView, file: string, name: string): number {
  const lines = (view.text(file) ?? '').split('\n')
  const at = lines.findIndex((line) => line.includes('EXPORT') && line.includes(name))
  return (at < 0 ? lines.findIndex((line) => line.includes(name)) : at) + 1
}
