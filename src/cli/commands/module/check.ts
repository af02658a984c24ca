import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Problem } from '../../../problem/problem.ts'
import { errorVerdict } from '../../../judge/decide.ts'
import { exitCode } from '../../../judge/exit-code.ts'
import { justificationFor } from '../../../vendor/parse-justifications.ts'
import {
  renderModuleCheckJson,
  renderModuleErrorJson,
  renderVariantChecksJson,
} from '../../../vendor/report/module-check-json.ts'
import {
  renderModuleCheckText,
  renderVariantChecksText,
  type ModuleCheckReport,
  type VariantReport,
} from '../../../vendor/report/module-check-text.ts'
import { tool } from '../../../version.ts'
import type { CliCommand } from '../../cli-command.ts'
import { textLayout, type Terminal } from '../../terminal.ts'
import { releaseOf } from '../../release-option.ts'
import { gather } from '../../report-options.ts'
import { UsageError } from '../../usage-error.ts'
import { concludeProblems, whitelistFormat } from '../../whitelist-output.ts'
import {
  addKernelsOptions,
  checkOnKernels,
  kernelsFormats,
  type KernelsFormat,
  type KernelsOptions,
} from './check-kernels.ts'
import { moduleGroup } from './group.ts'
import { addTargetOptions, targetRequest, type TargetOptions } from './target-options.ts'

interface CheckOptions extends Omit<TargetOptions, 'variant'>, KernelsOptions {
  readonly variant: readonly string[]
  readonly justify?: string
  readonly format?: KernelsFormat
  readonly json?: boolean
}

const example = `
Symbols that one of the modules provides to another are not reported, so give modules together that ship together.
With --kernels, drivers may also be folders and packages of modules, and no whitelist is needed.

Exit codes: 0 only official ABI, 1 uses something else or would not load, 2 wrong usage, 3 a file could not be read;
with --kernels: 0 every driver loads on every kernel, 1 one does not, or that is not known

Examples:
  kabi-gate module check e1000e.ko          (the lists of kabi.yml that fit; without one, for the running kernel)
  kabi-gate module check -k 4.18.0-553.el8_10.x86_64 drivers/*.ko.xz
  kabi-gate module check --whitelist kabi_stablelist_x86_64 --symvers Module.symvers e1000e.ko
  kabi-gate module check --variant x86_64 --justify ksc-result.txt e1000e.ko
  kabi-gate module check --kernels /lib/modules kmod-e1000e.rpm
  kabi-gate module check --kernels kernels.txt --output table.html drivers/`

/** `module check KO...`: whether drivers use only what a whitelist promises, or on which kernels they load. */
export const moduleCheckCommand: CliCommand = {
  define: (program) =>
    addKernelsOptions(
      addTargetOptions(
        moduleGroup(program)
          .command('check')
          .summary('check whether drivers use only protected symbols, or on which kernels they load')
          .description(
            'Check whether kernel modules use only symbols on a whitelist, and whether the kernel would load them. ' +
              'With --kernels, check on which kernels they load.',
          )
          .argument('<ko...>', 'kernel modules, plain or compressed (.gz, .xz, .zst)'),
      )
        .option(
          '--variant <name>',
          'use the whitelist of this variant of kabi.yml; repeatable (default: of those that the module was built for)',
          gather,
          [],
        )
        .option(
          '--symvers <file>',
          'the Module.symvers of the kernel; repeatable, for those of out-of-tree modules',
          gather,
          [],
        )
        .option('--justify <file>', 'copy the justifications from the result of RHEL’s ksc'),
    )
      .addOption(
        new Option('--format <form>', 'format of the output; html only with --kernels').choices(
          kernelsFormats,
        ),
      )
      .option('--json', 'same as --format json')
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<CheckOptions>()
    const format = whitelistFormat(options)
    if (options.kernels.length > 0) {
      refuseBeside(options)
      return checkOnKernels(command.args, options, format, terminal)
    }
    if (options.output.length > 0) throw new UsageError('--output is of use only with --kernels')
    if (format === 'html') throw new UsageError('--format html is of use only with --kernels')
    return (await asksForVariants(options, terminal))
      ? checkOnVariants(command.args, options, format, terminal)
      : checkOnWhitelist(command.args, options, format, terminal)
  },
}

/** @throws UsageError for options that name a kernel or list in another way. */
function refuseBeside({ kernel, whitelist, variant, config, symvers, justify, root }: CheckOptions): void {
  const given = {
    '-k': kernel,
    '--whitelist': whitelist,
    '--variant': variant[0],
    '--config': config,
    '--symvers': symvers?.[0],
    '--justify': justify,
    '--root': root === '/' ? undefined : root,
  }
  const [first] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (first !== undefined)
    throw new UsageError(
      `${first} does not go together with --kernels`,
      'Name every kernel, whitelist and Module.symvers with --kernels.',
    )
}

/**
 * Whether modules are to be held against the lists of a configuration that fit them: several variants are named, or none and no kernel or
 * list either, where there is a configuration.
 * @throws UsageError when the options contradict each other
 */
async function asksForVariants(options: CheckOptions, { cwd }: Terminal): Promise<boolean> {
  const { variant, kernel, whitelist, config, root, symvers = [] } = options
  if (variant.length === 1 || (variant.length === 0 && (kernel !== undefined || whitelist !== undefined)))
    return false
  if (variant.length === 0 && root !== '/') return false
  const { isConfigured } = await import('../../../vendor/is-configured.ts')
  if (
    variant.length === 0 &&
    !(await isConfigured(config === undefined ? undefined : resolve(cwd, config), cwd))
  )
    return false
  const twice = variant.find((name, index) => variant.indexOf(name) < index)
  if (twice !== undefined) throw new UsageError(`--variant ${twice} was given twice`, 'Give it once.')
  const given = { '-k': kernel, '--whitelist': whitelist, '--symvers': symvers[0] }
  const [first] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (first !== undefined)
    throw new UsageError(`${first} is of one kernel`, 'Name the variant that it belongs to with --variant.')
  return true
}

async function checkOnVariants(
  modules: readonly string[],
  options: CheckOptions,
  format: 'text' | 'json',
  terminal: Terminal,
): Promise<number> {
  const { cwd } = terminal
  const { checkVariants } = await import('../../../vendor/check-variants.ts')
  const { readJustifications } = await import('../../../vendor/read-justifications.ts')
  const justifications = await readJustifications(options.justify && resolve(cwd, options.justify))
  const config = options.config === undefined ? undefined : resolve(cwd, options.config)
  const { value: checks, problems } = await checkVariants(
    modules.map((path) => resolve(cwd, path)),
    { config, source: cwd, variants: options.variant, distribution: releaseOf(options) },
  )
  const all = [...justifications.problems, ...problems]
  if (!checks || justifications.problems.length > 0) return refuse(all, format, terminal)
  const reports = checks.map(({ variant, whitelist, check, notes }): VariantReport => ({
    variant,
    report: {
      ...{
        check,
        version: tool.version,
        kernel: `variant ${variant}`,
        whitelist: whitelist.file,
        problems: all,
        notes,
      },
      justificationFor: (module, symbol) => justificationFor(justifications.value, module, symbol),
    },
  }))
  if (format === 'json') terminal.stdout.write(renderVariantChecksJson(reports, all, tool))
  else {
    terminal.stdout.write(renderVariantChecksText(reports, textLayout(terminal.stdout, terminal.env)))
    concludeProblems(all, terminal)
  }
  return reports.every(({ report }) => report.check.result === 'official') ? 0 : 1
}

async function checkOnWhitelist(
  modules: readonly string[],
  options: CheckOptions,
  format: 'text' | 'json',
  terminal: Terminal,
): Promise<number> {
  const { variant: names, ...others } = options
  const [variant] = names
  const request = targetRequest(variant === undefined ? others : { ...others, variant }, terminal)
  const { checkAgainst } = await import('../../../vendor/check-against.ts')
  const { readJustifications } = await import('../../../vendor/read-justifications.ts')
  const justifications = await readJustifications(options.justify && resolve(terminal.cwd, options.justify))
  const files = modules.map((path) => resolve(terminal.cwd, path))
  const { value, problems } = await checkAgainst(files, request)
  const all = [...justifications.problems, ...problems]
  if (!value || justifications.problems.length > 0) return refuse(all, format, terminal)
  const { check, target } = value
  const report: ModuleCheckReport = {
    check,
    version: tool.version,
    kernel: target.kernel,
    whitelist: target.whitelist.file,
    problems: all,
    notes: target.notes,
    justificationFor: (module, symbol) => justificationFor(justifications.value, module, symbol),
  }
  if (format === 'json') terminal.stdout.write(renderModuleCheckJson(report, tool))
  else {
    const layout = textLayout(terminal.stdout, terminal.env)
    terminal.stdout.write(renderModuleCheckText(report, layout))
    concludeProblems(all, terminal)
  }
  return check.result === 'official' ? 0 : 1
}

function refuse(problems: readonly Problem[], format: 'text' | 'json', terminal: Terminal): number {
  if (format === 'text') return concludeProblems(problems, terminal)
  terminal.stdout.write(renderModuleErrorJson(problems, tool))
  return exitCode(errorVerdict(tool, problems, undefined))
}
