import { relative, resolve } from 'node:path'
import { isError, type Problem } from '../../../problem/problem.ts'
import { createFile } from '../../../io/write-file.ts'
import { errorVerdict } from '../../../judge/decide.ts'
import { justificationFor } from '../../../vendor/parse-justifications.ts'
import { requestedSymbols, requestGroups } from '../../../vendor/request.ts'
import { renderModuleRequest } from '../../../vendor/report/module-request.ts'
import { counted } from '../../../report/words.ts'
import { tool } from '../../../version.ts'
import type { CliCommand } from '../../cli-command.ts'
import { conclude, gather } from '../../report-options.ts'
import { moduleGroup } from './group.ts'
import { addTargetOptions, targetRequest, type TargetOptions } from './target-options.ts'

interface RequestOptions extends Omit<TargetOptions, 'symvers'> {
  readonly symvers: readonly string[]
  readonly earlier: readonly string[]
  readonly justify?: string
  readonly output?: string
}

const example = `
Prints the text of one issue, in Markdown. With a kabi.yml, it also shows which variants export each symbol today.
--earlier says since which release they have it with this checksum.

Examples:
  kabi-gate module request --variant x86_64 e1000e.ko -o request.md
  kabi-gate module request --whitelist kabi_whitelist --symvers x86_64=Module.symvers --justify ksc-result.txt e1000e.ko
  kabi-gate whitelist update --request request.md --issue 42 --reviewer "Jane Doe"             (after approval)`

/** `module request KO...`: asks for the symbols of drivers that are not on a whitelist. */
export const moduleRequestCommand: CliCommand = {
  define: (program) =>
    addTargetOptions(
      moduleGroup(program)
        .command('request')
        .summary('write a request for the symbols of drivers that are not protected')
        .description('Write a request for symbols that kernel modules use and that are not on a whitelist.')
        .argument('<ko...>', 'kernel modules, plain or compressed (.gz, .xz, .zst)'),
    )
      .option('--variant <name>', 'use the whitelist of this variant of kabi.yml')
      .option('--symvers <variant=file>', 'the Module.symvers of a variant; repeatable', gather, [])
      .option(
        '--earlier <variant@release=file>',
        'the Module.symvers of an earlier release of a variant, which tells since when; repeatable, the oldest first',
        gather,
        [],
      )
      .option('--justify <file>', 'copy the justifications from the result of RHEL’s ksc')
      .option('-o, --output <file>', 'write the request to a new file (default: standard output)')
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<RequestOptions>()
    const { cwd } = terminal
    const { config, symvers, earlier, ...target } = options
    const request = targetRequest(
      { ...target, ...(target.variant !== undefined && config !== undefined ? { config } : {}) },
      terminal,
    )
    const { checkAgainst } = await import('../../../vendor/check-against.ts')
    const { readJustifications } = await import('../../../vendor/read-justifications.ts')
    const { readVariantExports } = await import('../../../vendor/variant-exports.ts')
    // Standard output may be the request's file.
    const fail = (problems: readonly Problem[]) =>
      conclude(
        errorVerdict(tool, problems, undefined),
        { format: 'text', files: [] },
        { ...terminal, stdout: terminal.stderr },
      )
    const path = (file: string | undefined) => (file === undefined ? undefined : resolve(cwd, file))
    const justifications = await readJustifications(path(options.justify))
    const variants = await readVariantExports({ config: path(config), source: cwd, symvers, earlier, cwd })
    const checked = await checkAgainst(
      command.args.map((file) => resolve(cwd, file)),
      request,
    )
    const problems = [justifications, variants, checked].flatMap((one) => one.problems)
    if (!checked.value || problems.some(isError)) return fail(problems)
    const { modules, target: against, check } = checked.value
    const symbols = requestedSymbols(check, variants.value, (module, symbol) =>
      justificationFor(justifications.value, module, symbol),
    )
    if (symbols.length === 0) {
      terminal.stderr.write('Every symbol is on the whitelist: there is nothing to ask for.\n')
      return 0
    }
    const text = renderModuleRequest({
      symbols,
      modules: modules.map(({ name }) => name),
      kernel: against.kernel,
      whitelist: inFolder(cwd, against.whitelist.file),
    })
    if (options.output === undefined) terminal.stdout.write(text)
    else {
      const problem = await createFile(resolve(cwd, options.output), text)
      if (problem) return fail([problem])
    }
    const without = requestGroups(symbols).filter(({ justifications }) =>
      justifications.some((one) => one.text === undefined),
    ).length
    const open = without === 0 ? '' : `; ${counted(without, 'justification')} to be filled in`
    terminal.stderr.write(`${counted(symbols.length, 'symbol')} requested${open}\n`)
    return 0
  },
}

/** A path below a folder without it: what strangers read need not say where somebody works. */
function inFolder(folder: string, path: string): string {
  const below = relative(folder, path)
  return below.startsWith('..') ? path : below
}
