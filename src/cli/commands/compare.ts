import { basename, resolve } from 'node:path'
import { Option } from 'commander'
import { isError } from '../../problem/problem.ts'
import { compareFiles } from '../../gate/compare.ts'
import { variantOfFile } from '../../baseline/find-whitelists.ts'
import { readRules } from '../../config/read-rules.ts'
import { errorVerdict } from '../../judge/decide.ts'
import { policyPresets, presetPolicy, type PolicyPreset } from '../../judge/policy.ts'
import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import { prepareOutput } from '../output.ts'
import { addReportOptions, conclude, gather, reportRequest, type ReportOptions } from '../report-options.ts'
import { addReleaseOption, releaseOf, type ReleaseOption } from '../release-option.ts'
import { UsageError } from '../usage-error.ts'

interface CompareOptions extends ReportOptions, ReleaseOption {
  readonly kabi?: string
  readonly symvers?: string
  readonly checksums?: string
  readonly types?: readonly string[]
  readonly variant?: string
  readonly policy: PolicyPreset
  readonly severities: readonly string[]
}

const example = `
Examples:
  kabi-gate compare whitelists/x86_64/kabi_whitelist build/Module.symvers
  kabi-gate compare kabi_whitelist_x86_64 --checksums Module.kabi_x86_64 /boot/symvers-5.14.0.gz
  kabi-gate compare kabi/x86_64/symvers-default Module.symvers --types kabi/x86_64/symtypes-default build/
  kabi-gate compare Module.kabi_x86_64 Module.symvers --types Symtypes.kabi_x86_64 Symtypes.build.gz
  kabi-gate compare -k Module.kabi_x86_64 -s Module.symvers     (in a kernel.spec, instead of check-kabi)`

/** `compare WHITELIST SYMVERS`: one whitelist against one build, without a configuration. */
export const compareCommand: CliCommand = {
  define: (program) =>
    addReportOptions(
      addReleaseOption(
        program
          .command('compare')
          .summary('compare one whitelist with one Module.symvers')
          .description('Compare one whitelist with the Module.symvers of one build. Needs no configuration.')
          .argument('[whitelist]', 'whitelist in any dialect, file or folder')
          .argument('[symvers]', 'Module.symvers, plain or compressed (.gz, .xz, .zst)')
          .option('-k, --kabi <file>', 'the whitelist, as an option of check-kabi')
          .option('-s, --symvers <file>', 'the Module.symvers, as an option of check-kabi')
          .option('--checksums <file>', 'the checksums, if the whitelist has only names (Module.kabi_*)')
          .option(
            '--types <files...>',
            'the types behind OLD and NEW, which say why checksums changed: files or build folders; with one, those of OLD are the ones beside it',
          )
          .option('--variant <name>', 'the name of the variant in the report (default: from the file name)')
          .addOption(
            new Option('--policy <preset>', 'which kinds of findings fail')
              .choices(Object.keys(policyPresets))
              .default('strict'),
          )
          .option(
            '--severities <file>',
            'exceptions in the format of SUSE’s kabi/severities; repeatable, the first match decides',
            gather,
            [],
          ),
      ),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<CompareOptions>()
    const { output, override } = reportRequest(options)
    await prepareOutput(output)
    const { whitelist, symvers, types } = operands(command.args, options)
    const path = (file: string) => resolve(terminal.cwd, file)
    const [first, second] = types.map(path)
    const whitelistPath = path(whitelist)
    const rules = await readRules(options.severities.map(path))
    if (rules.problems.some(isError)) {
      return conclude(errorVerdict(tool, rules.problems, override), output, terminal)
    }
    const verdict = await compareFiles({
      tool,
      variant: options.variant ?? variantOfFile(whitelistPath) ?? basename(whitelistPath),
      whitelist:
        options.checksums === undefined
          ? { path: whitelistPath }
          : { path: whitelistPath, checksums: path(options.checksums) },
      symvers: path(symvers),
      types:
        first === undefined
          ? undefined
          : { before: second === undefined ? undefined : first, after: second ?? first },
      release: releaseOf(options),
      policy: presetPolicy(options.policy, rules.value),
      override,
    })
    return conclude(verdict, output, terminal)
  },
}

/**
 * The two files, given as arguments or as `-k FILE -s FILE`, and those with types: what `--types` takes beyond two are
 * arguments that stand behind it.
 */
function operands(
  args: readonly string[],
  { kabi, symvers, types = [] }: CompareOptions,
): { whitelist: string; symvers: string; types: readonly string[] } {
  const behind = types.slice(2)
  if (behind.length > 0 && args.length > 0)
    throw new UsageError(
      `--types takes two files, and ${behind.join(' ')} stands behind them`,
      'Put --types last.',
    )
  const rest = [...behind, ...args]
  const files = { whitelist: kabi ?? rest.shift(), symvers: symvers ?? rest.shift() }
  if (files.whitelist === undefined)
    throw new UsageError('the whitelist is missing: compare WHITELIST SYMVERS')
  if (files.symvers === undefined)
    throw new UsageError('the Module.symvers is missing: compare WHITELIST SYMVERS')
  if (rest.length > 0) throw new UsageError(`one argument too many: ${rest.join(' ')}`)
  return { whitelist: files.whitelist, symvers: files.symvers, types: types.slice(0, 2) }
}
