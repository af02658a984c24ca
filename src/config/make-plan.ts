import { resolve } from 'node:path'
import { parseRelease } from '../abi/promised-in.ts'
import { nothingShipped, type ShippedWhitelists } from './shipped-whitelists.ts'
import { protectedByDefault } from '../judge/refuse-override.ts'
import { presetPolicy, type Policy, type PolicyPreset, type Rule } from '../judge/policy.ts'
import type { Config } from './parse-config.ts'
import type { Settings } from './config-schema.ts'
import { makeKernelConfig } from './make-kernel-config.ts'
import type { Plan, Toolchain, VariantPlan, WhitelistLookup } from './plan.ts'
import { configPresets } from './presets.ts'
import { familyFolder } from './shipped-family.ts'

type Defaults = NonNullable<Settings['defaults']>
type Variant = NonNullable<Settings['variants']>[string]

/**
 * Works out what a configuration asks for: preset, defaults and variants merged, every path absolute. Variants come in
 * the order of the preset, then of the file. What a variant says comes before the defaults; fragments, options and
 * arguments of make are those of both, the defaults' first. The rules are those of the configuration itself;
 * what stands in files that it names is added by `loadPlan`.
 * @param file how the plan names the configuration
 * @param folder where relative paths start, an absolute path
 * @param shipped as `parseConfig` was given
 */
export function makePlan(
  { settings, rules }: Config,
  file: string,
  folder: string,
  shipped: ShippedWhitelists = nothingShipped,
): Plan {
  const preset = settings.preset === undefined ? undefined : configPresets[settings.preset]
  const written = new Map(Object.entries(settings.variants ?? {}))
  const arches = new Map(Object.entries(preset?.variants ?? {}))
  const names = [...new Set([...arches.keys(), ...written.keys()])]
  const { whitelists = 'whitelists' } = settings
  const folders = {
    base: folder,
    whitelists: familyFolder(whitelists, shipped) ?? resolve(folder, whitelists),
  }
  const release = settings.release === undefined ? undefined : parseRelease(settings.release)
  const variants = names.map((name) => {
    const variant = written.get(name) ?? {}
    const arch = variant.arch ?? arches.get(name)
    if (arch === undefined) throw new Error(`variant ${name} has no arch, which parseConfig refuses`)
    const plan = variantPlan({ name, arch }, variant, settings.defaults ?? {}, folders)
    return release ? { ...plan, release } : plan
  })
  const policy = policyOf(settings.policy, preset?.policy ?? 'strict', rules)
  return {
    file,
    folder,
    variants,
    policy,
    waivers: [],
    protectedBranches: settings.protected ?? protectedByDefault,
    ...(settings.notes === undefined ? {} : { notes: settings.notes }),
    ...(settings.report?.docs === undefined ? {} : { docs: settings.report.docs.replace(/\/+$/, '') }),
  }
}

interface Folders {
  readonly base: string
  readonly whitelists: string
}

function variantPlan(
  { name, arch }: Pick<VariantPlan, 'name' | 'arch'>,
  variant: Variant,
  defaults: Defaults,
  folders: Folders,
): VariantPlan {
  const { base } = folders
  const config = makeKernelConfig([defaults.config, variant.config], base)
  const runner = variant.runner ?? defaults.runner
  const builtWith = variant['built-with'] ?? defaults['built-with']
  const assumed = Object.entries({ ...defaults.assume, ...variant.assume }).map(
    ([option, value]) => [option.replace(/^(?:CONFIG_)?/, 'CONFIG_'), String(value)] as const,
  )
  return {
    name,
    arch,
    guard:
      variant.promise === undefined
        ? { kind: 'stable', whitelist: whitelistLookup({ name, arch }, variant, folders) }
        : { kind: 'none', reason: variant.reason?.trim() ?? '' },
    ...(variant.drivers ? { drivers: variant.drivers.map((path) => resolve(base, path)) } : {}),
    // A finished build named for one variant weighs more than what holds for all.
    strategy:
      variant.strategy ?? (variant.symvers === undefined ? (defaults.strategy ?? 'exports') : 'prebuilt'),
    ...(variant.symvers === undefined ? {} : { symvers: resolve(base, variant.symvers) }),
    ...(variant.types === undefined ? {} : { types: resolve(base, variant.types) }),
    ...(config ? { config } : {}),
    ...(builtWith === undefined ? {} : { builtWith }),
    ...(assumed.length > 0 ? { assume: new Map(assumed) } : {}),
    toolchain: toolchainOf({ ...defaults, ...variant }, base),
    makeArgs: [...(defaults['make-args'] ?? []), ...(variant['make-args'] ?? [])],
    ...(runner === undefined ? {} : { runner }),
  }
}

function whitelistLookup(
  { name, arch }: Pick<VariantPlan, 'name' | 'arch'>,
  { whitelist }: Variant,
  { base, whitelists }: Folders,
): WhitelistLookup {
  if (whitelist === undefined) return { kind: 'folder', folder: whitelists, variant: name, arch }
  if (typeof whitelist === 'string') return { kind: 'files', files: { path: resolve(base, whitelist) } }
  const { names, checksums } = whitelist
  return { kind: 'files', files: { path: resolve(base, names), checksums: resolve(base, checksums) } }
}

function toolchainOf(settings: Defaults, base: string): Toolchain {
  const { 'cross-compile': crossCompile = '', compiler, llvm } = settings
  return {
    crossCompile: resolveProgram(crossCompile, base),
    ...(compiler === undefined ? {} : { compiler: resolveProgram(compiler, base) }),
    ...(llvm === undefined ? {} : { llvm: llvm === true ? '1' : resolveProgram(String(llvm), base) }),
  }
}

/** Programs without a slash are found in PATH. Unlike `resolve`, keeps a slash at the end, which has a meaning here. */
function resolveProgram(text: string, base: string): string {
  if (!text.includes('/') || text.startsWith('/') || text.includes(' ')) return text
  return resolve(base, text) + (text.endsWith('/') ? '/' : '')
}

function policyOf(policy: Settings['policy'], standard: PolicyPreset, rules: readonly Rule[]): Policy {
  const {
    preset = standard,
    kinds,
    classes,
    unmoved,
    comparability,
    layouts,
    'pre-existing': preExisting,
  } = typeof policy === 'string' ? { preset: policy } : (policy ?? {})
  const base = presetPolicy(preset, rules)
  return {
    ...base,
    kinds: { ...base.kinds, ...kinds },
    classes: { ...base.classes, ...classes },
    unmoved: unmoved ?? base.unmoved,
    comparability: comparability ?? base.comparability,
    layouts: layouts ?? base.layouts,
    preExisting: preExisting ?? base.preExisting,
  }
}
