import { relative } from 'node:path'
import type { ConfigOptions, KernelBuild } from '../abi/evidence.ts'
import { addMentionedOptions, isTextValue } from '../abi/mentioned-options.ts'
import { asksTools, type ToolOption } from '../abi/tool-option.ts'
import { sourceFolderOf } from '../kernel/check-tree.ts'
import { readConfigEntries, type ConfigEntry } from './locate/kconfig-entries.ts'
import { openPatchedTree } from './locate/patched-tree.ts'

/**
 * Finds the options that Kconfig sets from the tools and that the objects of some symbols can see. Where the release's
 * configuration names such an option with another value, that is enough; other options follow from these, and count then, too.
 * @param released what the release's configuration says
 * @param source the kernel tree, an absolute path
 */
export function toolOptions(
  { arch, options, objects }: KernelBuild,
  symbols: ReadonlySet<string>,
  released: ConfigOptions,
  source: string,
): readonly ToolOption[] {
  const view = openPatchedTree(source, { files: [] }).after
  const entries = readConfigEntries(view, { arch, srcarch: sourceFolderOf(arch) })
  const direct = fromTools(entries)
  const following = followers(entries, direct)
  const mentioned = new Set<string>()
  for (const file of filesOf(objects, symbols))
    addMentionedOptions(view.text(relative(source, file)) ?? '', mentioned)
  const found: ToolOption[] = []
  for (const word of mentioned) {
    const name = options.has(word) ? word : word.replace(/_MODULE$/, '')
    const plain = name.replace(/^CONFIG_/, '')
    const here = options.get(name) ?? 'n'
    const before = released.get(name)
    if (isTextValue(here) || !following.has(plain)) continue
    if (before === undefined ? direct.has(plain) : before !== here)
      found.push({ name, here, ...(before === undefined ? {} : { released: before }) })
  }
  return found.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
}

function rank({ released }: ToolOption): number {
  return released === undefined ? 1 : 0
}

/** Options without a question that ask the tools, or follow from nothing but such options. */
function fromTools(entries: readonly ConfigEntry[]): ReadonlySet<string> {
  const found = new Set<string>()
  const follows = (entry: ConfigEntry): boolean => {
    const texts = expressionsOf(entry)
    if (texts.some(asksTools)) return true
    const names = texts.flatMap((text) => text.match(/\b[A-Z]\w*/g) ?? [])
    return names.length > 0 && names.every((name) => found.has(name))
  }
  for (let size = -1; size < found.size;) {
    size = found.size
    for (const entry of entries)
      if (!entry.prompt && !found.has(entry.name) && follows(entry)) found.add(entry.name)
  }
  return found
}

function expressionsOf({ depends, defaults, prompt }: ConfigEntry): readonly string[] {
  return [
    ...depends,
    ...defaults.flatMap(({ value, condition }) => [value, condition ?? '']),
    prompt?.condition ?? '',
  ]
}

/** These options, and all whose value may follow from one of them. */
function followers(entries: readonly ConfigEntry[], first: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(first)
  for (let size = -1; size < all.size;) {
    size = all.size
    for (const entry of entries) {
      const isFollower = !all.has(entry.name) && expressionsOf(entry).some((text) => mentions(text, all))
      if (isFollower) all.add(entry.name)
      for (const { value, condition = '' } of [...entry.selects, ...entry.implies])
        if (mentions(condition, all) || all.has(entry.name)) all.add(value)
    }
  }
  return all
}

function mentions(text: string, names: ReadonlySet<string>): boolean {
  return (text.match(/\w+/g) ?? []).some((word) => names.has(word))
}

/** What the objects that export one of the symbols read; nothing where the evidence is from another machine. */
function filesOf(objects: KernelBuild['objects'], symbols: ReadonlySet<string>): ReadonlySet<string> {
  const files = new Set<string>()
  for (const { exports, dependencies } of objects?.values() ?? [])
    if (exports.some((symbol) => symbols.has(symbol))) for (const file of dependencies) files.add(file)
  return files
}
