import { readdirSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { nearest } from '../../config/nearest.ts'
import type { KernelConfig, VariantPlan } from '../../config/plan.ts'
import { readText } from '../../io/read-text.ts'
import { readTreeFile } from '../../io/read-tree-file.ts'
import { checkTree, sourceFolderOf } from '../../kernel/check-tree.ts'
import type { CollectOptions } from '../../kernel/collect.ts'
import { parseConfig } from '../../kernel/config-text.ts'
import { configuredOptions } from '../../kernel/configured-options.ts'
import { openPatchedTree, type TreeView } from '../../explain/locate/patched-tree.ts'
import { enabledExports, type EnabledExports, type KnownOption, type NotEnabled } from './enabled-exports.ts'
import { exportNamesReader, type ExportNames } from './export-names.ts'
import { nameMeaningsReader, type NameMeaning } from './name-meanings.ts'

/** Why a name cannot be protected, as far as the kernel's text tells. */
type UnknownName =
  /** No macro exports it, whatever the configuration. */
  | { readonly kind: 'not-exported'; readonly meaning: NameMeaning | undefined; readonly near: string | undefined }
  /** Every variant of the run is configured without it. */
  | { readonly kind: 'not-enabled'; readonly why: NotEnabled; readonly variants: readonly string[] }

/** Names that no macro exports are explained up to here: every file is searched for each. */
const mostExplained = 30

/** Headers above this size hold the registers of a device. */
const largestHeader = 256 * 1024

/** Files that are read before the signal and the progress have their turn. */
const filesAtOnce = 1000

type Request = CollectOptions & { readonly source: string }

/**
 * Tells which names the kernels of some variants certainly do not export, from the text of the tree alone, and from their
 * configuration where that is the question. It takes seconds, where searching every object takes minutes. What is not certain
 * is not among the results: collecting finds it out.
 */
export async function lookUpNames(
  names: ReadonlySet<string>,
  variants: readonly VariantPlan[],
  request: Request,
  configured = configuredOptions,
): Promise<ReadonlyMap<string, UnknownName>> {
  const unknown = new Map<string, UnknownName>()
  const source = await realpath(request.source).catch(() => undefined)
  if (source === undefined || !(await canLookUp(variants, source))) return unknown
  const archs = [...new Set(variants.map(({ arch }) => sourceFolderOf(arch)))]
  const tree = openTexts(source, archs, request, variants[0]?.name ?? '')
  const reader = exportNamesReader()
  await tree.each((file, text) => {
    if (text.includes('EXPORT')) reader.read(file, text.toString('latin1'), tree.isForeign(file))
  })
  const exported = reader.names()
  const missing = [...names].filter((name) => !exported.written.has(name) && !exported.mayBeMade(name))
  const some = missing.slice(0, mostExplained)
  const meanings = nameMeaningsReader(some, exported)
  if (some.length > 0)
    await tree.each((file, text) => {
      if (some.some((name) => text.includes(name))) meanings.read(file, text.toString('latin1'))
    })
  const all = [...exported.written.keys()]
  for (const name of some) {
    if (meanings.mayBeExported(name)) continue
    const meaning = meanings.meaningOf(name)
    unknown.set(name, { kind: 'not-exported', meaning, near: meaning?.over[0] ?? nearest(name, all) })
  }
  const written = [...names].filter((name) => exported.written.has(name) && !exported.mayBeMade(name))
  for (const [name, why] of await notEnabled(written, exported, variants, tree, request, configured))
    unknown.set(name, { kind: 'not-enabled', why, variants: variants.map((variant) => variant.name) })
  return unknown
}

/** Where the checksums come from a tree that can be built; collecting tells what is wrong with any other. */
async function canLookUp(variants: readonly VariantPlan[], source: string): Promise<boolean> {
  const unfit = await Promise.all(variants.map(({ arch }) => checkTree(source, arch)))
  return unfit.every((problem) => !problem) && variants.every(({ strategy }) => strategy !== 'prebuilt')
}

interface Texts {
  readonly view: TreeView
  /** True for a file of an architecture of which no variant is, and from which theirs borrow nothing. */
  readonly isForeign: (file: string) => boolean
  /** Gives every source and header. */
  readonly each: (use: (file: string, text: Buffer) => void) => Promise<void>
}

function openTexts(
  source: string,
  archs: readonly string[],
  { signal, onProgress }: Request,
  variant: string,
): Texts {
  onProgress({ variant, phase: 'names', done: 0 })
  const all = filesBelow(source)
  const files = all.filter(
    (file) => /\.(?:[chS]|inc)$/.test(file) && !/^(?:tools|scripts|samples|Documentation)\//.test(file),
  )
  const view = openPatchedTree(source, { files: [] }).after
  const own = new Set(archs.flatMap((arch) => [arch, ...borrowed(arch, all, view)]))
  return {
    view,
    isForeign: (file) => {
      const [top, arch = ''] = file.split('/')
      return top === 'arch' && !own.has(arch)
    },
    each: async (use) => {
      for (const [done, file] of files.entries()) {
        if (done % filesAtOnce === 0) {
          onProgress({ variant, phase: 'names', done, total: files.length })
          await setImmediate()
          if (signal.aborted) return
        }
        const text = textOf(join(source, file))
        if (text) use(file, text)
      }
    },
  }
}

function textOf(path: string): Buffer | undefined {
  try {
    const text = readTreeFile(path)
    return path.endsWith('.h') && text.length > largestHeader ? undefined : text
  } catch {
    return undefined
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** The files of a tree, relative; without links, and what is hidden. */
function filesBelow(source: string): readonly string[] {
  const files: string[] = []
  const walk = (folder: string): void => {
    for (const entry of entriesOf(join(source, folder))) {
      if (entry.name.startsWith('.')) continue
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile()) files.push(path)
    }
  }
  walk('')
  return files
}

/** Architectures whose sources the Makefiles of another name, as those of arm64 name `../../arm/xen/`. */
function borrowed(arch: string, files: readonly string[], view: TreeView): readonly string[] {
  return files
    .filter((file) => file.startsWith(`arch/${arch}/`) && /\/(?:Kbuild|Makefile)[^/]*$/.test(file))
    .flatMap((file) => [...(view.text(file) ?? '').matchAll(/(?:\.\.|arch)\/(\w+)\//g)].map(([, one = '']) => one))
}

/** The names that no variant is configured to export, each with the reason that the first of them has. */
async function notEnabled(
  names: readonly string[],
  { written }: ExportNames,
  variants: readonly VariantPlan[],
  { view, isForeign }: Texts,
  request: Request,
  configured: typeof configuredOptions,
): Promise<ReadonlyMap<string, NotEnabled>> {
  const reasons = new Map<string, NotEnabled>()
  let left = names
  for (const [index, variant] of variants.entries()) {
    const reader = (known: KnownOption): EnabledExports =>
      enabledExports(view, sourceFolderOf(variant.arch), known, isForeign)
    const asked = await askedOptions(variant.config)
    const quick = reader((option) => asked?.get(option) ?? 'n')
    const mayMiss = asked ? left.filter((name) => !quick.mayExport(name, written.get(name) ?? [])) : left
    const options = mayMiss.length > 0 ? await configured(variant, request) : undefined
    // A name stays only while every variant is without it.
    const sure = options && reader((option) => options.get(option) ?? 'n')
    left = mayMiss.filter((name) => {
      const why = sure?.whyNot(name, written.get(name) ?? [])
      if (why && index === 0) reasons.set(name, why)
      return why !== undefined
    })
    if (left.length === 0) break
  }
  return new Map(left.flatMap((name) => [[name, reasons.get(name)] as const]).filter(hasReason))
}

function hasReason(entry: readonly [string, NotEnabled | undefined]): entry is readonly [string, NotEnabled] {
  return entry[1] !== undefined
}

/** The options that a configuration file and what is added to it name; undefined where make makes the first. */
async function askedOptions(config: KernelConfig | undefined): Promise<ReadonlyMap<string, string> | undefined> {
  if (config?.from.kind !== 'file') return undefined
  const texts = await Promise.all([config.from.path, ...config.fragments].map((path) => readText(path)))
  return parseConfig([...texts.map(({ value }) => value), ...config.set].join('\n'), '').value
}

/** One line about a name, for the person who asked for it. */
export function unknownNameText(name: string, unknown: UnknownName): string {
  if (unknown.kind === 'not-enabled') {
    const { file, line, options } = unknown.why
    const place = `${file}:${line}`
    return options.length === 0
      ? `${name}: in ${place}, for another architecture`
      : `${name}: in ${place}, not in this configuration (${options.join(', ')} ${options.length === 1 ? 'is' : 'are'} not set)`
  }
  const { meaning, near } = unknown
  const alike = near === undefined ? '' : `; did you mean ${near}?`
  if (!meaning) return `${name}: nowhere in the source${alike}`
  const { kind, file, line, over } = meaning
  return over.length > 0
    ? `${name}: ${meaningTexts[kind]} over ${over.join(', ')} (${file}:${line})`
    : `${name}: ${meaningTexts[kind]} (${file}:${line})${alike}`
}

const meaningTexts: Readonly<Record<NameMeaning['kind'], string>> = {
  macro: 'a macro',
  inline: 'an inline function',
  function: 'a function that is not exported',
  static: 'static, so not exported',
  type: 'a type, not a symbol',
  mentioned: 'named in the source, but not exported',
}
