import { resolve } from 'node:path'
import type { WhitelistCheckOutcome } from '../../../abi/checked-whitelist.ts'
import { errorVerdict } from '../../../judge/decide.ts'
import { exitCode } from '../../../judge/exit-code.ts'
import { renderWhitelistCheckJson } from '../../../report/json/whitelist-json.ts'
import { whitelistCheckModel } from '../../../report/model/whitelist-models.ts'
import { writeText } from '../../../report/text/render-text.ts'
import { tool } from '../../../version.ts'
import type { CliCommand } from '../../cli-command.ts'
import { gather } from '../../report-options.ts'
import { textLayout, type Terminal } from '../../terminal.ts'
import { UsageError } from '../../usage-error.ts'
import {
  addWhitelistOutput,
  concludeProblems,
  whitelistFormat,
  type WhitelistOutputOptions,
} from '../../whitelist-output.ts'
import { whitelistGroup } from './group.ts'

interface CheckOptions extends WhitelistOutputOptions {
  readonly config?: string
  readonly variant: readonly string[]
  readonly symvers: readonly string[]
  readonly against?: string
}

const example = `
Examples:
  kabi-gate whitelist check                                   (the whitelists of ./kabi.yml)
  kabi-gate whitelist check whitelists/debian-12
  kabi-gate whitelist check kabi/x86_64/symvers-default --against Module.symvers`

/** `whitelist check`: what can be said about whitelists without a kernel. */
export const whitelistCheckCommand: CliCommand = {
  define: (program) =>
    addWhitelistOutput(
      whitelistGroup(program)
        .command('check')
        .summary('check the whitelists themselves, without a kernel')
        .description(
          'Check the form of whitelists, recompute every checksum from the types stored beside the list, and check ' +
            'its baseline.yml.',
        )
        .argument('[lists...]', 'whitelists, or folders of whitelists (default: those of ./kabi.yml)')
        .option('--config <file>', 'the configuration (default: kabi.yml or .github/kabi.yml)')
        .option('--variant <name>', 'only this variant of the configuration; repeatable', gather, [])
        .option(
          '--symvers <variant=file>',
          'also compare a variant with the Module.symvers of a build; repeatable',
          gather,
          [],
        )
        .option('--against <file>', 'also compare the one list given with the Module.symvers of a build'),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<CheckOptions>()
    const format = whitelistFormat(options)
    const { config, variant: variants, symvers, against } = options
    const { cwd } = terminal
    const paths = command.args.map((path) => resolve(cwd, path))
    const configured = config !== undefined || variants.length > 0 || symvers.length > 0
    if (paths.length > 0 && configured) {
      throw new UsageError('--config, --variant and --symvers are about kabi.yml, and lists were named')
    }
    if (paths.length === 0 && against !== undefined) {
      throw new UsageError(
        '--against needs a list to compare; for those of kabi.yml use --symvers VARIANT=FILE',
      )
    }
    const { configuredWhitelists, namedWhitelists } =
      await import('../../../whitelists/whitelists-to-check.ts')
    const { checkWhitelists } = await import('../../../whitelists/check-whitelist.ts')
    const wanted =
      paths.length > 0
        ? await namedWhitelists(paths, against === undefined ? undefined : resolve(cwd, against))
        : await configuredWhitelists({
            config: config === undefined ? undefined : resolve(cwd, config),
            source: cwd,
            variants,
            strategy: undefined,
            symvers,
            cwd,
          })
    return deliver(await checkWhitelists(wanted), format, terminal)
  },
}

function deliver(outcome: WhitelistCheckOutcome, format: 'text' | 'json', terminal: Terminal): number {
  const { result, lists } = outcome
  const problems = [...outcome.problems, ...lists.flatMap((list) => list.problems)]
  if (format === 'json') terminal.stdout.write(renderWhitelistCheckJson(outcome, tool))
  else {
    const layout = textLayout(terminal.stdout, terminal.env)
    terminal.stdout.write(writeText(whitelistCheckModel(outcome), layout))
    if (result === 'error') {
      if (lists.length > 0) terminal.stdout.write('\n')
      return concludeProblems(problems, terminal)
    }
  }
  if (result === 'break') return 1
  return result === 'error' ? exitCode(errorVerdict(tool, problems, undefined)) : 0
}
