import { formatPath, isMap, type ConfigFault } from './config-fault.ts'
import type { ShippedWhitelists } from './shipped-whitelists.ts'
import { configPresets } from './presets.ts'
import { familyFaults } from './shipped-family.ts'
import { variantName } from './variant-name.ts'

const bases = ['file', 'defconfig', 'targets']
const additions = ['fragments', 'set']

/**
 * What settings must be together, across the whole file. It looks at any content, valid or not, so that its findings
 * are told with all others; what is not of the expected form is left to the schema.
 */
export function crossFaults(content: unknown, shipped: ShippedWhitelists): readonly ConfigFault[] {
  return isMap(content) ? [...familyFaults(content, shipped), ...variantFaults(content)] : []
}

function variantFaults(content: Readonly<Record<string, unknown>>): readonly ConfigFault[] {
  const preset = Object.entries(configPresets).find(([name]) => name === content['preset'])?.[1]
  const { variants, defaults } = content
  const faults: ConfigFault[] = []
  if (!isMap(variants)) return variants === undefined && !preset ? [noVariants([])] : []
  if (Object.keys(variants).length === 0 && !preset) return [noVariants(['variants'])]
  const defaultsHaveBase = isMap(defaults) && hasBase(defaults['config'])
  for (const [name, variant] of Object.entries(variants)) {
    const path = ['variants', name]
    if (!variantName.test(name)) faults.push(badName(path))
    if (!isMap(variant)) continue
    if (!('arch' in variant) && !(preset && Object.hasOwn(preset.variants, name))) faults.push(noArch(path))
    if (isMap(variant['config']) && lacksBase(variant['config']) && !defaultsHaveBase)
      faults.push(noBase(path))
  }
  return faults
}

function hasBase(config: unknown): boolean {
  return typeof config === 'string' || (isMap(config) && bases.some((base) => base in config))
}

/** A key that is not known may be a base with a slip of the pen. */
function lacksBase(config: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(config).every((key) => additions.includes(key))
}

function noVariants(path: ConfigFault['path']): ConfigFault {
  return {
    path,
    at: 'key',
    message: 'No variant is named.',
    advice: 'Add variants: and below it each kernel that you ship, or preset: rhel5.',
  }
}

function badName(path: ConfigFault['path']): ConfigFault {
  return {
    path,
    at: 'key',
    message: `${formatPath(path)} is not a name for a variant.`,
    advice: 'Use letters, digits, ".", "_" and "-", and none of "." and "-" at the start.',
  }
}

function noArch(path: ConfigFault['path']): ConfigFault {
  return {
    path,
    at: 'key',
    message: `${formatPath(path)} has no arch.`,
    advice: 'Add arch: and what make takes as ARCH=, such as x86_64, i386, arm64, powerpc or s390.',
  }
}

function noBase(path: ConfigFault['path']): ConfigFault {
  const config = [...path, 'config']
  return {
    path: config,
    at: 'key',
    message: `${formatPath(config)} has no base, and neither have the defaults.`,
    advice: 'Add one of file, defconfig and targets.',
  }
}
