import type { OptionValue } from './makefile.ts'
import { readKbuild, type Kbuild } from './kbuild.ts'
import type { TreeView } from './patched-tree.ts'
import { includedName, meansFile, writtenExports, type WrittenExport } from './written-exports.ts'

/** An export as a state of the tree has it: what the source says, and what becomes of the object. */
export interface ExportState extends WrittenExport {
  readonly file: string
  /** Absent where nothing is known about what is built. */
  readonly module: string | undefined
}

/** What is needed to tell what a state of the tree exports. */
interface ExportStatesRequest {
  readonly srcarch: string
  /** Headers that may change what an export means, as the patch touches them. */
  readonly headers: readonly string[]
  /** False where the configuration is not known: then every source counts as built. */
  readonly knowsOptions: boolean
}

/** A reader of states of one tree; each state is read once. */
export interface ExportStates {
  /**
   * The exports of a symbol.
   * @param files the sources that may have it
   * @param objects objects that may be made of these besides those of their names
   */
  readonly of: (
    view: TreeView,
    option: OptionValue,
    symbol: string,
    files: readonly string[],
    objects: readonly string[],
  ) => readonly ExportState[]
  readonly kbuild: (view: TreeView, option: OptionValue) => Kbuild
}

export function exportStates({ srcarch, headers, knowsOptions }: ExportStatesRequest): ExportStates {
  const kbuilds = new WeakMap<TreeView, WeakMap<OptionValue, Kbuild>>()
  const kbuild = (view: TreeView, option: OptionValue): Kbuild => {
    const some = kbuilds.get(view) ?? new WeakMap<OptionValue, Kbuild>()
    kbuilds.set(view, some)
    const known = some.get(option) ?? readKbuild(view, option, srcarch)
    some.set(option, known)
    return known
  }
  const read = new Map<string, readonly WrittenExport[]>()
  const optionIds = new WeakMap<OptionValue, number>()
  let options = 0
  const idOf = (option: OptionValue): number => {
    const id = optionIds.get(option) ?? options++
    optionIds.set(option, id)
    return id
  }

  function exportsIn(
    view: TreeView,
    option: OptionValue,
    file: string,
    namespace: string,
  ): readonly WrittenExport[] {
    const text = view.text(file)
    if (text === undefined) return []
    const others = headers.map((header) => view.text(header) ?? '')
    const key = [idOf(option), namespace, text, ...others].join('\0')
    const known =
      read.get(key) ??
      writtenExports(text, {
        isDefined: isDefinedBy(option, knowsOptions),
        included: (name) => {
          const header = headers.find((one) => meansFile(name, one))
          return header === undefined ? undefined : view.text(header)
        },
        namespace,
      })
    read.set(key, known)
    return known
  }

  return {
    kbuild,
    of: (view, option, symbol, files, objects) =>
      files.flatMap((file): readonly ExportState[] => {
        const built = knowsOptions
          ? [...new Set(objectsOf(view, file, objects))].flatMap(
              (object) => kbuild(view, option).builtAs(object) ?? [],
            )
          : [{ module: undefined, namespace: '' }]
        return built.flatMap(({ module, namespace }) =>
          exportsIn(view, option, file, namespace)
            .filter((one) => one.symbol === symbol)
            .map((one) => ({ ...one, file, module })),
        )
      }),
  }
}

/** The objects that are made of a file: that of its name, and those whose source includes it. */
function objectsOf(view: TreeView, file: string, objects: readonly string[]): readonly string[] {
  const own = /\.[cS]$/.test(file) ? [file.replace(/\.[cS]$/, '.o')] : []
  const including = objects.filter((object) => {
    const text = view.text(object.replace(/\.o$/, '.c')) ?? view.text(object.replace(/\.o$/, '.S'))
    return text?.split('\n').some((line) => meansFile(includedName(line) ?? '', file))
  })
  return [...own, ...including]
}

function isDefinedBy(option: OptionValue, knowsOptions: boolean): (macro: string) => boolean | undefined {
  return (macro) => {
    if (macro === '__KERNEL__' || macro === '__GNUC__') return true
    if (macro === '__cplusplus') return false
    if (!macro.startsWith('CONFIG_') || !knowsOptions) return undefined
    const value = option(macro)
    if (value !== undefined) return value !== 'm'
    return macro.endsWith('_MODULE') && option(macro.slice(0, -'_MODULE'.length)) === 'm'
  }
}
