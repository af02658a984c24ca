import { dirname } from 'node:path/posix'
import { readMakefile, type MakeVariables, type OptionValue } from './makefile.ts'
import type { TreeView } from './patched-tree.ts'

/** What becomes of an object, as the kernel's Makefiles say it. */
interface BuiltAs {
  /** As in a Module.symvers: `vmlinux`, `drivers/net/dummy`. */
  readonly module: string
  /** DEFAULT_SYMBOL_NAMESPACE as the compiler's command line has it; empty when it has none. */
  readonly namespace: string
}

export interface Kbuild {
  /**
   * @param object as make calls it: `mm/slub.o`
   * @returns undefined for an object that is not built
   */
  readonly builtAs: (object: string) => BuiltAs | undefined
}

type Way = 'y' | 'm'

/** What a folder's Makefile asks to be built, by the way it does. */
type Goals = readonly (readonly [Way, readonly string[]])[]

/** Variables of the topmost Makefiles that name folders. */
const topGoals = /^(?:obj|core|drivers|libs|net|virt|init)-[ym]$/

/**
 * Reads a tree's Makefiles as far as is needed to tell what becomes of an object (Documentation/kbuild/makefiles.rst). Each is
 * read once.
 * @param srcarch the folder of the architecture under arch/
 */
export function readKbuild(view: TreeView, option: OptionValue, srcarch: string): Kbuild {
  const makefiles = makefileReader(view, option, srcarch)
  const entered = foldersEntered((folder) => goalsOf(folder, makefiles, srcarch))
  return {
    builtAs: (object) => {
      for (const folder of foldersAbove(object)) {
        const variables = folder === '' ? undefined : makefiles.ofFolder(folder)
        const name = object.slice(folder.length + 1)
        const found = variables && listed(variables, name, new Set())
        const outer = found && entered(folder)
        if (!found || !outer) continue
        const [way, whole] = found
        if (way === 'y' && outer === 'm') continue
        const module = way === 'y' ? 'vmlinux' : `${folder}/${whole.replace(/\.o$/, '')}`
        return { module, namespace: namespaceIn(folder, name, makefiles) }
      }
      return undefined
    },
  }
}

interface Makefiles {
  /** @param folder for which the file is read; empty for the top */
  readonly variables: (file: string, folder: string) => MakeVariables | undefined
  readonly ofFolder: (folder: string) => MakeVariables | undefined
}

function makefileReader(view: TreeView, option: OptionValue, srcarch: string): Makefiles {
  const files = new Map<string, MakeVariables | undefined>()

  const variables = (file: string, folder: string): MakeVariables | undefined => {
    if (!files.has(file)) {
      const text = view.text(file)
      const set = new Map(Object.entries(fixed(folder)))
      files.set(
        file,
        text === undefined ? undefined : readMakefile(text, { option, variables: set, included: view.text }),
      )
    }
    return files.get(file)
  }

  function fixed(folder: string): Readonly<Record<string, string>> {
    const bits = option('CONFIG_64BIT') === 'y' ? '64' : '32'
    const here = folder === '' ? '.' : folder
    return { srctree: '.', src: here, obj: here, SRCARCH: srcarch, BITS: bits }
  }

  return {
    variables,
    // As scripts/Kbuild.include chooses between the two names.
    ofFolder: (folder) => variables(`${folder}/Kbuild`, folder) ?? variables(`${folder}/Makefile`, folder),
  }
}

function goalsOf(folder: string, makefiles: Makefiles, srcarch: string): Goals {
  if (folder !== '') {
    const variables = makefiles.ofFolder(folder)
    return variables
      ? [
          ['y', variables.words('obj-y')],
          ['m', variables.words('obj-m')],
        ]
      : []
  }
  return ['Kbuild', 'Makefile', `arch/${srcarch}/Makefile`].flatMap((file) => {
    const variables = makefiles.variables(file, '')
    const names = [...(variables?.names() ?? [])].filter((name) => topGoals.test(name))
    return names.map((name) => [name.endsWith('y') ? 'y' : 'm', variables?.everWords(name) ?? []] as const)
  })
}

/** Tells how make comes to a folder; undefined for one that it does not enter. Goals are read once. */
function foldersEntered(readGoals: (folder: string) => Goals): (folder: string) => Way | undefined {
  const folders = new Map<string, Way | undefined>()
  const goals = new Map<string, Goals>()
  const goalsIn = (folder: string): Goals => {
    const known = goals.get(folder) ?? readGoals(folder)
    goals.set(folder, known)
    return known
  }
  return function entered(folder) {
    if (folder === '') return 'y'
    if (folders.has(folder)) return folders.get(folder)
    folders.set(folder, undefined)
    let way: Way | undefined
    for (const above of foldersAbove(folder)) {
      const here = above === '' ? folder : folder.slice(above.length + 1)
      const named = (['y', 'm'] as const).find((one) =>
        goalsIn(above).some(
          ([goal, words]) => goal === one && words.some((word) => word.replace(/\/$/, '') === here),
        ),
      )
      const outer = named && entered(above)
      if (outer) way = way === 'y' || (named === 'y' && outer === 'y') ? 'y' : 'm'
    }
    folders.set(folder, way)
    return way
  }
}

/**
 * How a Makefile has an object built, and the whole that the object is a part of, or itself.
 * @param seen the wholes that were looked for already
 */
function listed(
  variables: MakeVariables,
  name: string,
  seen: ReadonlySet<string>,
): readonly [Way, string] | undefined {
  for (const way of ['y', 'm'] as const) {
    for (const list of ['obj', 'lib'])
      if (variables.words(`${list}-${way}`).includes(name)) return [way, name]
  }
  for (const variable of variables.names()) {
    const [, part] = /^(.+)-(?:y|m|objs)$/.exec(variable) ?? []
    if (
      part === undefined ||
      notParts.has(part) ||
      seen.has(part) ||
      !variables.words(variable).includes(name)
    )
      continue
    const whole = listed(variables, `${part}.o`, new Set([...seen, part]))
    if (whole) return whole
  }
  return undefined
}

/** The DEFAULT_SYMBOL_NAMESPACE that the flags of an object set last. */
function namespaceIn(folder: string, name: string, { ofFolder }: Makefiles): string {
  const flags = [
    ...[...foldersAbove(`${folder}/x`)].flatMap(
      (one) => (one === '' ? undefined : ofFolder(one))?.words('subdir-ccflags-y') ?? [],
    ),
    ...(ofFolder(folder)?.words('ccflags-y') ?? []),
    ...(ofFolder(folder)?.words(`CFLAGS_${name}`) ?? []),
  ]
  const [, value = ''] =
    flags.map((flag) => /^-DDEFAULT_SYMBOL_NAMESPACE=(.*)$/.exec(flag)).findLast(Boolean) ?? []
  return value.replace(/['"\\]/g, '')
}

/** Lists of kbuild that are no parts of an object. */
const notParts = new Set([
  'obj',
  'lib',
  'subdir',
  'always',
  'extra',
  'targets',
  'ccflags',
  'asflags',
  'hostprogs',
])

/** The folders that a path lies in, the nearest first, the top (an empty name) last. */
function* foldersAbove(path: string): Generator<string> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (folder === '.' || folder === '/') {
      yield ''
      return
    }
    if (!folder.endsWith('/..') && folder !== '..') yield folder
  }
}

/** The files from which kbuild learns what is built. */
export function isMakefile(file: string): boolean {
  return /(?:^|\/)(?:Kbuild|Makefile)[^/]*$|\.mk$/.test(file)
}
