import { resolve } from 'node:path'
import type { Problem } from '../../../problem/problem.ts'
import { errorVerdict } from '../../../judge/decide.ts'
import { exitCode } from '../../../judge/exit-code.ts'
import { justificationFor } from '../../../vendor/parse-justifications.ts'
import { renderModuleCheckJson, renderModuleErrorJson } from '../../../vendor/report/module-check-json.ts'
import { renderModuleCheckText, type ModuleCheckReport } from '../../../vendor/report/module-check-text.ts'
import { tool } from '../../../version.ts'
import type { CliCommand } from '../../cli-command.ts'
import { textLayout, type Terminal } from '../../terminal.ts'
import { gather } from '../../report-options.ts'
import {
  addWhitelistOutput,
  concludeProblems,
  whitelistFormat,
  type WhitelistOutputOptions,
} from '../../whitelist-output.ts'
import { moduleGroup } from './group.ts'
import { addTargetOptions, targetRequest, type TargetOptions } from './target-options.ts'

interface CheckOptions extends TargetOptions, WhitelistOutputOptions {
  readonly justify?: string
}

const example = `
Symbols that one of the modules provides to another are not reported, so give modules together that ship together.

Exit codes: 0 only official ABI, 1 uses something else or would not load, 2 wrong usage, 3 a file could not be read

Examples:
  kabi-gate module check e1000e.ko                          (for the running kernel)
  kabi-gate module check -k 4.18.0-553.el8_10.x86_64 drivers/*.ko.xz
  kabi-gate module check --whitelist kabi_stablelist_x86_64 --symvers Module.symvers e1000e.ko
  kabi-gate module check --variant x86_64 --justify ksc-result.txt e1000e.ko`

/** `module check KO...`: whether drivers use only what a whitelist promises. */
export const moduleCheckCommand: CliCommand = {
  define: (program) =>
    addWhitelistOutput(
      addTargetOptions(
        moduleGroup(program)
          .command('check')
          .summary('check whether drivers use only protected symbols')
          .description(
            'Check whether kernel modules use only symbols on a whitelist, and whether the kernel would load them.',
          )
          .argument('<ko...>', 'kernel modules, plain or compressed (.gz, .xz, .zst)'),
      )
        .option(
          '--symvers <file>',
          'the Module.symvers of the kernel; repeatable, for those of out-of-tree modules',
          gather,
          [],
        )
        .option('--justify <file>', 'copy the justifications from the result of RHEL’s ksc'),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<CheckOptions>()
    const format = whitelistFormat(options)
    const request = targetRequest(options, terminal)
    const { checkAgainst } = await import('../../../vendor/check-against.ts')
    const { readJustifications } = await import('../../../vendor/read-justifications.ts')
    const justifications = await readJustifications(options.justify && resolve(terminal.cwd, options.justify))
    const files = command.args.map((path) => resolve(terminal.cwd, path))
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
  },
}

function refuse(problems: readonly Problem[], format: 'text' | 'json', terminal: Terminal): number {
  if (format === 'text') return concludeProblems(problems, terminal)
  terminal.stdout.write(renderModuleErrorJson(problems, tool))
  return exitCode(errorVerdict(tool, problems, undefined))
}
