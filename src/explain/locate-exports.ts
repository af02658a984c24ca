import { relative } from 'node:path'
import type { Blame } from '../abi/blame.ts'
import type { ConfigOptions, Evidence } from '../abi/evidence.ts'
import { objectsBySymbol } from '../abi/objects-by-symbol.ts'
import type { Patch } from '../abi/patch.ts'
import type { KernelConfig } from '../config/plan.ts'
import { readText } from '../io/read-text.ts'
import { buildDifferences } from '../judge/comparability.ts'
import type { VariantCase } from '../judge/variant-case.ts'
import { differenceKey, type LocatedVariant } from '../judge/located-variant.ts'
import { configRequest, type ConfigFile } from './locate/config-requests.ts'
import { exportStates } from './locate/export-states.ts'
import {
  blameOf,
  configurationEdits,
  type BlameContext,
  type ExportDifference,
} from './locate/finding-blames.ts'
import { sourceFolderOf } from '../kernel/check-tree.ts'
import { optionBlames, type OptionBlames } from './locate/option-blames.ts'
import { openPatchedTree, type PatchedTree } from './locate/patched-tree.ts'
import { writtenExports } from './locate/written-exports.ts'
import { runGit } from '../git/run-git.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'
import { releasedPlaces } from '../baseline/released-places.ts'

/** What the places of exports may be looked for in. */
interface LocateExportsOptions {
  /** The kernel tree that the evidences come from, an absolute path. */
  readonly source: string
  readonly patch: Patch | undefined
  /** How each variant is configured, by its name. */
  readonly configs: ReadonlyMap<string, KernelConfig>
  readonly signal: AbortSignal
}

/** More symbols of one variant are not looked for one by one. */
const mostSymbols = 1000

/**
 * Finds what made exports of a variant go, become GPL-only, get into a namespace or move: lines of sources, Makefiles and Kconfig
 * files that the patch changed, and places in the tree. What is not sure is left out.
 */
export async function locateExports(
  { arch, guard }: VariantCase,
  evidence: Evidence,
  { source, patch, configs, signal }: LocateExportsOptions,
): Promise<LocatedVariant> {
  if (guard.kind === 'none') return { blames: new Map(), options: [] }
  const { whitelist, baseline, comparison, objects } = guard
  const differences = (comparison?.differences ?? []).filter(isOfExport).slice(0, mostSymbols)
  const changed = baseline ? buildDifferences(baseline.baseline, evidence) : []
  if (differences.length === 0 && changed.length === 0) return { blames: new Map(), options: [] }
  const tree = openPatchedTree(source, patch ?? { files: [] })
  const options = evidence.build?.options
  const archs = {
    arch: evidence.build?.arch ?? arch ?? '',
    srcarch: sourceFolderOf(evidence.build?.arch ?? arch ?? ''),
  }
  const config = configs.get(evidence.variant)
  const kconfig = config && options && (await optionsOf(config, options, tree, source, archs))
  const blamed = changed.flatMap((one) =>
    one.kind === 'configuration' ? (kconfig?.changeOf(one.option, one.baseline) ?? []) : [],
  )
  if (differences.length === 0) return { blames: new Map(), options: blamed }
  const released = objects ?? (await releasedPlaces(whitelist))
  const unknown = differences.map(({ symbol }) => symbol).filter((symbol) => !released.has(symbol))
  const written = await exportingFiles(unknown, tree, { source, signal })
  const now = objectsBySymbol(evidence.build)
  const headers = tree.files.filter((file) => file.endsWith('.h') && mentionsExports(tree, file))
  const context: BlameContext = {
    tree,
    states: exportStates({ srcarch: archs.srcarch, headers, knowsOptions: options !== undefined }),
    option: (name) => {
      const value = options?.get(name)
      return value === 'n' ? undefined : value
    },
    options: kconfig,
    srcarch: archs.srcarch,
    headers,
    objectsOf: (symbol) => [
      ...new Set(
        [released.get(symbol), now.get(symbol), ...(written.get(symbol) ?? [])].filter(
          (one) => one !== undefined,
        ),
      ),
    ],
  }
  const blames = new Map<string, Blame>()
  for (const difference of differences) {
    const blame = blameOf(difference, context)
    if (blame) blames.set(differenceKey(difference), blame)
  }
  return { blames, options: blamed }
}

function isOfExport(difference: { readonly kind: string }): difference is ExportDifference {
  return ['removed', 'export-type', 'namespace', 'moved'].includes(difference.kind)
}

function mentionsExports(tree: PatchedTree, file: string): boolean {
  return [tree.before, tree.after].some((view) =>
    /EXPORT|DEFAULT_SYMBOL_NAMESPACE/.test(view.text(file) ?? ''),
  )
}

async function optionsOf(
  config: KernelConfig,
  options: ConfigOptions,
  tree: PatchedTree,
  source: string,
  arch: { readonly arch: string; readonly srcarch: string },
): Promise<OptionBlames | undefined> {
  const { from, fragments } = config
  const found = new Map<string, ConfigFile>()
  for (const path of [...(from.kind === 'file' ? [from.path] : []), ...fragments]) {
    const text = await readText(path)
    if (text.problems.length > 0) continue
    const file = path.startsWith(`${source}/`) ? relative(source, path) : undefined
    // The lines of a packed file are in no patch.
    const isPlain = file !== undefined && tree.after.text(file) === text.value
    found.set(path, isPlain ? { file } : { text: text.value })
  }
  const request = configRequest(config, (path) => found.get(path), arch)
  if (!request) return undefined
  const files = new Set(request.files.flatMap((one) => ('file' in one ? [one.file] : [])))
  return optionBlames(tree, configurationEdits(tree, files), request, options, arch)
}

/** The objects of the sources that export some symbols, whether or not they are built; none outside of a git checkout. */
async function exportingFiles(
  symbols: readonly string[],
  tree: PatchedTree,
  { source, signal }: { readonly source: string; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const objects = new Map<string, string[]>()
  if (symbols.length === 0) return objects
  const git = { cwd: source, env: scrubbedEnvironment(process.env), signal }
  const words = symbols.flatMap((symbol) => ['-e', symbol])
  const { value: files } = await runGit(git, [
    'grep',
    '-l',
    '-w',
    '-F',
    '--no-textconv',
    '-z',
    ...words,
    '--',
    '*.c',
    '*.S',
  ])
  const wanted = new Set(symbols)
  for (const file of files.flatMap((line) => line.split('\0')).filter((one) => one !== '')) {
    const reading = { isDefined: () => undefined, included: () => undefined, namespace: '' }
    const text = tree.after.text(file)
    if (!text?.includes('EXPORT')) continue
    for (const { symbol } of writtenExports(text, reading)) {
      if (wanted.has(symbol))
        objects.set(symbol, [...(objects.get(symbol) ?? []), file.replace(/\.[cS]$/, '.o')])
    }
  }
  return objects
}
