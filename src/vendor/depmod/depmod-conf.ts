import { textLines } from '../../abi/text-lines.ts'
import { malformedLine, wholeLine } from '../../problem/malformed-line.ts'
import { problemList } from '../../problem/problem-list.ts'
import type { Problem, Read } from '../../problem/problem.ts'

/** Which of several modules of one name depmod takes, by the files of depmod.d(5). */
export interface DepmodRules {
  /** Folders below that of the kernel's modules, the first one first; `built-in` stands for all others. */
  readonly search: readonly string[]
  /** Modules that win over all others, `weak-updates/igb/igb`, the last one over those before. */
  readonly overrides: readonly string[]
  /** Names of folders that are passed over. */
  readonly excluded: readonly string[]
}

/** What depmod does without a file. */
const noSearch = ['updates', 'built-in']

/**
 * Reads files of depmod.d, in the order in which depmod takes them: each adds to those before. Without a `search` it is `updates built-in`.
 *
 * Problems: `malformed-line` for what is no command, lacks a word, or names a kernel by what is no regular expression: depmod passes over
 * such a line, so somebody counts on what does not hold; also for `external`, as modules in other folders are not looked at.
 * Source of the format: depmod.d(5) and tools/depmod.c of kmod 34.
 * @param release the kernel, as `uname -r` says it
 */
export function parseDepmodConf(
  files: readonly { readonly file: string; readonly text: string }[],
  release: string,
): Read<DepmodRules> {
  const rules = { search: [] as string[], overrides: [] as string[], excluded: [] as string[] }
  const problems: Problem[] = []
  for (const { file, text } of files) {
    const list = problemList()
    for (const { line, source } of joinedLines(text)) {
      const message = takeLine(source, release, rules)
      if (message !== undefined)
        list.error(() =>
          malformedLine(file, line, source, wholeLine(source, message), 'depmod’s configuration'),
        )
    }
    problems.push(...list.all())
  }
  return { value: rules.search.length > 0 ? rules : { ...rules, search: noSearch }, problems }
}

/** A backslash at its end makes a line go on. */
function joinedLines(text: string): readonly { readonly line: number; readonly source: string }[] {
  const joined: { readonly line: number; source: string }[] = []
  let goesOn = false
  for (const [index, source] of textLines(text).entries()) {
    const last = joined.at(-1)
    const part = source.replace(/\\$/, '')
    if (goesOn && last) last.source += part
    else joined.push({ line: index + 1, source: part })
    goesOn = source.endsWith('\\')
  }
  return joined
}

/** @returns what is wrong with the line */
function takeLine(
  source: string,
  release: string,
  { search, overrides, excluded }: { search: string[]; overrides: string[]; excluded: string[] },
): string | undefined {
  if (source.startsWith('#')) return undefined
  const [command, ...words] = source.split(/[\t ]+/).filter((word) => word !== '')
  switch (command) {
    case undefined:
    case 'include':
    case 'make_map_files':
      return undefined
    case 'search':
      search.push(...words)
      return undefined
    case 'exclude':
      excluded.push(...words)
      return undefined
    case 'override': {
      const [name, pattern, folder] = words
      if (name === undefined || pattern === undefined || folder === undefined)
        return 'an override has the name of a module, a kernel and a folder'
      const matches = matchesRelease(pattern, release)
      if (matches === undefined) return 'the kernel is no regular expression'
      if (matches) overrides.push(`${folder}/${name}`)
      return undefined
    }
    case 'external':
      return 'modules in other folders are not looked at'
    default:
      return 'this is no command of depmod.d'
  }
}

/** What this reads of POSIX's regular expressions is alike in JavaScript; a release needs no more. */
function matchesRelease(pattern: string, release: string): boolean | undefined {
  if (pattern === '*') return true
  if (pattern.length > 200 || !/^[\w.^$+*?|()[\]-]+$/.test(pattern)) return undefined
  // Groups that repeat could take for ever.
  if (/\)[*+?]/.test(pattern)) return undefined
  try {
    return new RegExp(pattern).test(release)
  } catch {
    return undefined
  }
}

/** Which of some files depmod takes; several where the order in which it happens to read them decides. */
export function whichWins(paths: readonly string[], rules: DepmodRules): readonly string[] {
  const ranks = paths.map((path) => rankOf(path, rules))
  const highest = Math.max(...ranks)
  return paths.filter((_, index) => ranks[index] === highest)
}

function rankOf(path: string, { search, overrides }: DepmodRules): number {
  const override = overrides.lastIndexOf(withoutSuffix(path))
  if (override >= 0) return search.length + 1 + override
  const own = search.findIndex((word) => word !== 'built-in' && path.startsWith(`${word}/`))
  const at = own >= 0 ? own : search.indexOf('built-in')
  return at < 0 ? 0 : search.length - at
}

/** Below the folder of its kernel: `extra/igb/igb.ko.xz` is `extra/igb/igb`. */
function withoutSuffix(path: string): string {
  return path.replace(/(\/[^/.]*)\.[^/]*$/, '$1')
}

/** The name by which modprobe knows a module. */
export function loadedName(name: string): string {
  return name.replaceAll('-', '_')
}
