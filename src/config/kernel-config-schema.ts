import * as z from 'zod'
import { complain, line, list, pattern, settings } from './schema-parts.ts'

const optionName = /^(CONFIG_)?[A-Za-z0-9_]+$/

/** Configuration targets that ask questions, or that look at the machine they run on. */
const unfitTargets = [
  'config',
  'oldconfig',
  'menuconfig',
  'nconfig',
  'xconfig',
  'gconfig',
  'syncconfig',
  'localmodconfig',
  'localyesconfig',
]

/** What `config:` of a variant, or of the defaults, may say. */
export function kernelConfigSchema() {
  const map = settings({
    file: line('the path of a kernel configuration')
      .meta({ description: 'A complete kernel configuration, relative to this file.' })
      .exactOptional(),
    defconfig: defaultConfiguration()
      .meta({ description: 'A default configuration of the kernel tree.', examples: ['x86_64_defconfig'] })
      .exactOptional(),
    targets: list(target(), 'a list of configuration targets')
      .meta({
        description: 'Configuration targets of the kernel’s Makefile, run in this order.',
        examples: [['defconfig', 'kvm_guest.config']],
      })
      .exactOptional(),
    fragments: list(line('a path'), 'a list of paths')
      .meta({
        description:
          'Files with further lines of a kernel configuration. Later lines win. Those of the defaults come first.',
      })
      .exactOptional(),
    set: z
      .record(z.string(), optionValue(), { error: 'a map of options and their values' })
      .superRefine(checkOptions)
      .meta({
        description: 'Options to set after everything else, with or without CONFIG_ in front.',
        examples: [{ MODVERSIONS: 'y', NR_CPUS: 64, LOCALVERSION: '-1.el9', DEBUG_INFO_BTF: 'n' }],
        propertyNames: { type: 'string', pattern: optionName.source },
      })
      .exactOptional(),
  }).superRefine((config, context) => {
    const [first, second] = (['file', 'defconfig', 'targets'] as const).filter((key) => key in config)
    if (first === undefined || second === undefined) return
    const message = `cannot stand beside ${first}: a configuration has one base`
    complain(context, message, 'Keep one of file, defconfig and targets.', second)
  })
  const file = line('the path of a kernel configuration').superRefine((path, context) => {
    if (!/^[\w.-]*defconfig$/.test(path)) return
    const advice = `Write config: { defconfig: ${path} }, or ./${path} if it is a file beside this one.`
    complain(context, 'looks like a default configuration of the kernel tree, but would name a file', advice)
  })
  return z
    .union([file, map], {
      error: 'the path of a kernel configuration, or a map with file, defconfig or targets',
    })
    .meta({ description: 'Where the kernel configuration comes from. Needed to build the variant.' })
}

function defaultConfiguration() {
  return pattern(
    /^([\w+-][\w.+-]*\/)?([\w+-][\w.+-]*_)?defconfig$/,
    'the name of a default configuration, such as x86_64_defconfig or defconfig',
  )
}

function target() {
  return pattern(
    /^([\w+-][\w.+-]*\/)*[\w+-][\w.+-]*config$/,
    'a configuration target of the kernel’s Makefile, such as tinyconfig or kvm_guest.config',
  ).superRefine((name, context) => {
    if (!unfitTargets.includes(name)) return
    complain(
      context,
      'asks questions or depends on the machine it runs on',
      'Name another target, or a file.',
    )
  })
}

function optionValue() {
  const valueForm = 'y, m, n, a whole number, or a text in quotes'
  return z
    .union([pattern(/^[ -~\u0080-\uffff]*$/, valueForm), z.int({ error: valueForm })], { error: valueForm })
    .meta({ description: 'y, m, n, a whole number, or a text. Write a hexadecimal number as 0x1000.' })
}

function checkOptions(set: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
  const seen = new Map<string, string>()
  for (const [name, value] of Object.entries(set)) {
    const plain = name.replace(/^CONFIG_/, '')
    const other = seen.get(plain)
    if (!optionName.test(name)) {
      complain(context, 'is not the name of an option', 'Write it as in a .config: MODVERSIONS.', name)
    } else if (other !== undefined) {
      complain(context, `is the same option as ${other}`, 'Keep one of the two.', name)
    }
    seen.set(plain, name)
    if (
      typeof value === 'string' &&
      /^([YMN]|yes|no|on|off|true|false)$/i.test(value) &&
      !/^[mny]$/.test(value)
    ) {
      complain(context, `has the value ${value}, which Kconfig does not know`, 'Write y, m or n.', name)
    }
  }
}
