import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { machineNamed, machineNames, machineOfFolder, type Machine } from './machines.ts'

/** A file or folder that a pattern of `layouts.ts` fits. */
export interface Match {
  /** Relative to the folder that was searched, with `/`; of a folder without one at the end. */
  readonly path: string
  readonly machine: Machine
  /** What the distribution calls the architecture. */
  readonly arch: string
  /** As it is written, empty for the plain kernel. */
  readonly flavour: string
  /** What the path calls the variant: `x86_64debug`, `x86_64-default`. */
  readonly variant: string
  readonly version: string
  readonly release: string
}

/** What is known of a path while its pattern is being walked. */
type Told = Partial<Omit<Match, 'path' | 'machine'>>

const archForm = machineNames.join('|')

/** What each placeholder stands for; the groups are what a match tells. */
const placeholders: Readonly<Record<string, string>> = {
  '{arch}': `(?<arch>${archForm})`,
  '{variant}': `(?<variant>(?<tier>ext\\d+_)?(?<arch>${archForm})(?:[-_.]?(?<flavour>[A-Za-z0-9][\\w-]*))?)`,
  '{flavour}': '(?<flavour>[a-z0-9][a-z0-9-]*)',
  '{vendor}': '(?<flavour>[a-z0-9][a-z0-9_]*)',
  '{kernel-arch}': '(?<folder>\\w+)',
  '{version}': '(?<version>\\d[\\w.+~]*(?:-\\d[\\w.+~]*)*)',
  '{release}': '(?<release>[a-z]+\\d[\\w-]*)',
  '{folder}': '\\w[\\w.-]*',
}

/** Names in the folders of a tree, read once; `/` behind that of a folder. */
export type Folders = (path: string) => Promise<readonly string[]>

/** Names that can stand in a configuration as they are. Links are followed only to see what kind they lead to. */
export function foldersOf(root: string): Folders {
  const known = new Map<string, Promise<readonly string[]>>()
  return (path) => {
    const found = known.get(path) ?? namesIn(join(root, path))
    known.set(path, found)
    return found
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = entries
    .filter(({ name }) => /^\.?\w[\w.+~-]*$/.test(name))
    .map(async (entry) => {
      const seen = entry.isSymbolicLink()
        ? await stat(join(folder, entry.name)).catch(() => undefined)
        : entry
      return seen?.isDirectory() ? `${entry.name}/` : seen?.isFile() ? entry.name : ''
    })
  return (await Promise.all(names)).filter((name) => name !== '').sort()
}

/**
 * Files and folders that fit a pattern, sorted by path, the newest version first.
 * @param arch what distributions call the architecture, for a pattern that does not tell it
 */
export async function matchPattern(
  folders: Folders,
  pattern: string,
  arch?: string,
): Promise<readonly Match[]> {
  const segments = pattern.split(/(?<=\/)/)
  let paths: readonly { readonly path: string; readonly told: Told }[] = [
    { path: '', told: arch ? { arch } : {} },
  ]
  for (const segment of segments) {
    const form = segmentForm(segment)
    const next = await Promise.all(
      paths.map(async ({ path, told }) =>
        (await folders(path)).flatMap((name) => {
          const groups = form.exec(name)?.groups
          return groups === undefined ? [] : [{ path: path + name, told: { ...told, ...toldBy(groups) } }]
        }),
      ),
    )
    paths = next.flat()
  }
  const found = paths.flatMap(({ path, told }) => matchOf(path.replace(/\/$/, ''), told))
  return found.sort((a, b) => compareVersions(b.version, a.version))
}

function segmentForm(segment: string): RegExp {
  const parts = segment
    .split(/(\{[\w-]+\})/)
    .map((part) => placeholders[part] ?? part.replace(/[.+]/g, '\\$&'))
  return new RegExp(`^(?<whole>${parts.join('')})$`)
}

function toldBy(groups: Readonly<Record<string, string | undefined>>): Told {
  const { arch, variant, flavour, tier, folder, version, release } = groups
  const name = folder === undefined ? arch : machineOfFolder(folder)?.names[0]
  return {
    ...(name === undefined ? {} : { arch: name }),
    ...(variant === undefined ? {} : { variant }),
    ...(flavour === undefined && tier === undefined ? {} : { flavour: (tier ?? '') + (flavour ?? '') }),
    ...(version === undefined ? {} : { version }),
    ...(release === undefined ? {} : { release }),
  }
}

/** Nothing where the path tells no architecture. Debian's flavours end in its name, and the plain one is its name. */
function matchOf(path: string, told: Told): readonly Match[] {
  const { arch = '', version = '', release = '' } = told
  const machine = machineNamed(arch)
  if (!machine) return []
  const flavour = told.flavour === arch ? '' : (told.flavour ?? '')
  const joined = flavour === '' ? arch : flavour.endsWith(`-${arch}`) ? flavour : `${arch}-${flavour}`
  const variant = told.variant ?? joined
  return [{ path, machine, arch, flavour, variant, version, release }]
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

/**
 * True where two matches speak of one variant: the same architecture and release, and the same flavour however it is joined. Not
 * every pattern tells the release; what lies side by side is of one.
 */
export function sameVariant(a: Match, b: Match): boolean {
  const beside = folderOf(a) === folderOf(b)
  return a.machine === b.machine && (a.release === b.release || beside) && plain(a) === plain(b)
}

/** The folder in which a match lies. */
export function folderOf({ path }: Match): string {
  return path.replace(/[^/]*$/, '')
}

function plain({ arch, flavour }: Match): string {
  return `${arch} ${flavour.toLowerCase().replace(/[^a-z0-9]/g, '')}`
}
