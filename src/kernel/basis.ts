import { createHash } from 'node:crypto'
import { readdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join, normalize, relative } from 'node:path'
import type { Basis, ConfigOptions, ObjectRecord } from '../abi/evidence.ts'
import { formatLayouts } from '../abi/layouts/format-layouts.ts'
import type { Layouts } from '../abi/layouts/layout.ts'
import type { SeenFiles } from './exports/object-inputs.ts'
import { eachWordRead, wordsIn } from './files-read.ts'
import { optionSources } from './settled-steps.ts'

/** What a strategy looked at, and the layouts that it was asked for, as `layoutsDigest` tells them. */
export interface Looked extends SeenFiles {
  readonly layouts: string
}

/** SHA-256 of the layouts that somebody asks for, hexadecimal. */
export function layoutsDigest(layouts: Layouts | 'all' | undefined): string {
  const text = layouts === undefined ? '' : layouts === 'all' ? layouts : formatLayouts(layouts)
  return createHash('sha256').update(text).digest('hex')
}

/** What a strategy found out. */
interface Found {
  readonly looked?: Looked
  readonly options: ConfigOptions
  readonly objects?: ReadonlyMap<string, ObjectRecord>
}

/** What counts besides the tree. */
interface Setup {
  readonly setup: string
  readonly configuration: string | undefined
}

/** What a build wrote, by folder. */
interface Made {
  readonly config: string
  readonly build: string
  readonly kept: string
}

/**
 * Gathers what shaped evidence besides what the records of its objects name: the files that probes and linker scripts were made of,
 * those that commands of kbuild read to configure and to prepare, and what may have made a source that was generated.
 * @param source the kernel tree, an absolute path without symbolic links
 * @param setup as `preparationKey` and `configurationDigest` tell it
 * @returns undefined where it is not known, or where what was found depends on more than files: on the name of the commit, or on what
 *   a list leaves of the exports
 */
export function basisOf(
  source: string,
  made: Made,
  { looked, options, objects = new Map() }: Found,
  { setup, configuration }: Setup,
): Basis | undefined {
  if (!looked || configuration === undefined || options.get('CONFIG_TRIM_UNUSED_KSYMS') === 'y')
    return undefined
  const release = join(made.build, 'include/generated/utsrelease.h')
  const read = new Set([...objects.values()].flatMap(({ dependencies }) => dependencies))
  if (options.get('CONFIG_LOCALVERSION_AUTO') === 'y' && (read.has(release) || looked.files.has(release)))
    return undefined
  const words = new Set(looked.files)
  const add = (word: string): unknown => words.add(word)
  // The programs below tools/ name files in their own folders from there, and all of these count as read whatever their names.
  const ofTools = join(made.build, 'tools/')
  const addRead = (word: string, folder: string): unknown =>
    (folder.startsWith(ofTools) && /^[\w-]/.test(word)) || add(word)
  try {
    if (!eachWordRead(Object.values(made), addRead)) return undefined
    for (const word of wordsIn(join(made.config, optionSources))) add(word)
    const all = new Set([...looked.files, ...read])
    for (const folder of generatingFolders(made.build, all)) addMakers(join(source, folder), add)
  } catch {
    return undefined
  }
  const inside = (path: string): readonly string[] =>
    path.startsWith(`${source}/`) && !path.endsWith('/') ? [path.slice(source.length + 1)] : []
  const files = new Set<string>()
  const names = new Set<string>()
  for (const word of words) {
    if (!word.startsWith(`${source}/`)) names.add(basename(word))
    // A link leads to a file of another name.
    else for (const path of [normalize(word), targetOf(word)].flatMap(inside)) files.add(path)
  }
  for (const path of read) {
    if (!path.startsWith(`${source}/`)) names.add(basename(path))
    const targets = [normalize(path), targetOf(path)].filter((one) => one !== path)
    for (const target of targets.flatMap(inside)) files.add(target)
  }
  names.delete('')
  return { files, names, asksForFiles: looked.asksForFiles, configuration, setup, layouts: looked.layouts }
}

/** Where a file really lies; empty for what is none, such as a word that only looks like a path. */
function targetOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return ''
  }
}

/** The folders of sources that were generated for objects; `make prepare` notes what it makes its own headers of. */
function generatingFolders(build: string, seen: ReadonlySet<string>): ReadonlySet<string> {
  const inside = [...seen].filter((path) => path.startsWith(`${build}/`)).map((path) => relative(build, path))
  return new Set(inside.filter((path) => !/^(?:arch\/[^/]+\/)?include\//.test(path)).map(dirname))
}

/** A rule that makes a source may read whatever lies beside it, or is named in the Makefile. */
function addMakers(folder: string, add: (word: string) => unknown): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) continue
    add(join(folder, entry.name))
    if (/^(?:Makefile|Kbuild)/.test(entry.name))
      for (const word of wordsIn(join(folder, entry.name))) add(word)
  }
}
