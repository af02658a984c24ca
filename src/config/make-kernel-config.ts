import { resolve } from 'node:path'
import type { Settings } from './config-schema.ts'
import type { KernelConfig } from './plan.ts'

type Written = NonNullable<Settings['defaults']>['config']
type Layer = Exclude<Written, string | undefined>

/**
 * Puts kernel configurations together, such as those of the defaults and of a variant. The last base counts; fragments
 * follow one another; of an option that is set twice the last value counts.
 * @returns undefined when there is no base
 */
export function makeKernelConfig(written: readonly Written[], folder: string): KernelConfig | undefined {
  const layers = written.map((config): Layer =>
    typeof config === 'string' ? { file: config } : (config ?? {}),
  )
  const from = layers.map((layer) => baseOf(layer, folder)).findLast((base) => base !== undefined)
  if (!from) return undefined
  const fragments = layers.flatMap((layer) => layer.fragments ?? []).map((path) => resolve(folder, path))
  const options = new Map<string, string | number>()
  for (const { set = {} } of layers) {
    for (const [name, value] of Object.entries(set))
      options.set(name.replace(/^(CONFIG_)?/, 'CONFIG_'), value)
  }
  return { from, fragments, set: [...options].map(([name, value]) => optionLine(name, value)) }
}

function baseOf({ file, defconfig, targets }: Layer, folder: string): KernelConfig['from'] | undefined {
  if (file !== undefined) return { kind: 'file', path: resolve(folder, file) }
  if (defconfig !== undefined) return { kind: 'targets', targets: [defconfig] }
  return targets && { kind: 'targets', targets }
}

/** One line of a .config, in the form that Kconfig writes: only texts are in quotes. */
function optionLine(name: string, value: string | number): string {
  if (value === 'n') return `# ${name} is not set`
  if (typeof value === 'number' || /^(y|m|0x[0-9a-fA-F]+)$/.test(value)) return `${name}=${value}`
  return `${name}="${value.replace(/["\\]/g, '\\$&')}"`
}
