import { resolve } from 'node:path'
import { isError, type Read } from '../../../problem/problem.ts'
import { issuePattern, reviewerPattern } from '../../../abi/baseline.ts'
import type { UpdateOutcome } from '../../../abi/plan-update.ts'
import { showProgress } from '../../progress-display.ts'
import { readRows } from '../../../baseline/read-whitelist.ts'
import { exitCode } from '../../../judge/exit-code.ts'
import { errorVerdict } from '../../../judge/decide.ts'
import { renderUpdateJson } from '../../../report/json/whitelist-json.ts'
import { updateModel } from '../../../report/model/whitelist-models.ts'
import { writeText } from '../../../report/text/render-text.ts'
import { tool } from '../../../version.ts'
import type { UpdateRequest } from '../../../whitelists/update-whitelists.ts'
import type { CliCommand } from '../../cli-command.ts'
import { addCollectOptions, collectRequest, type CollectCommandOptions } from '../../collect-options.ts'
import { gather } from '../../report-options.ts'
import { textLayout, type Terminal } from '../../terminal.ts'
import { symbolArguments } from '../../symbol-arguments.ts'
import { UsageError } from '../../usage-error.ts'
import {
  addWhitelistOutput,
  concludeProblems,
  whitelistFormat,
  type WhitelistOutputOptions,
} from '../../whitelist-output.ts'
import { whitelistGroup } from './group.ts'

interface UpdateOptions extends CollectCommandOptions, WhitelistOutputOptions {
  readonly names?: string
  readonly request?: string
  readonly issue?: string
  readonly reviewer?: string
  readonly allowAbsent?: boolean
  readonly acceptChanges?: readonly string[]
  readonly cause: readonly string[]
  readonly dryRun?: boolean
}

const example = `
A row is changed or removed only if you name its symbol, or the type that changed it. There are no patterns and no "all".

Examples:
  kabi-gate whitelist update --names new-symbols.txt --dry-run
  kabi-gate whitelist update --request issue.md --issue 42 --reviewer "Jane Doe"
  kabi-gate whitelist update --accept-changes pci_enable_device pci_disable_device
  kabi-gate whitelist update --accept-changes @symbols.txt --cause "struct pci_dev"
  kabi-gate whitelist update --symvers x86_64=build/Module.symvers --json`

/** `whitelist update`: the whitelists of the variants, brought up to date with the kernel as it is now. */
export const whitelistUpdateCommand: CliCommand = {
  define: (program) =>
    addWhitelistOutput(
      addCollectOptions(
        whitelistGroup(program)
          .command('update')
          .summary('add symbols to the whitelists, change rows that you name')
          .description(
            'Compute the checksums of each variant and update its whitelist. Adds rows for new names; ' +
              'writes nothing and exits with 1 if a protected row differs that you did not accept.',
          ),
      )
        .option('--names <file>', 'symbols to protect from now on, a list in any dialect')
        .option(
          '--request <file>',
          'symbols of an approved request, as `module request` wrote it; also the text of the issue',
        )
        .option(
          '--issue <number>',
          'the issue of the request, or its https address, for the history of the list',
        )
        .option('--reviewer <name>', 'who approves the request')
        .option('--allow-absent', 'leave out names that no variant exports (default: an error)')
        .option(
          '--accept-changes <symbol...>',
          'symbols whose rows may change or be removed, @FILE for those of a list; repeatable',
        )
        .option(
          '--cause <type>',
          'also accept all symbols that changed through this type alone, as in "struct pci_dev"; repeatable',
          gather,
          [],
        )
        .option('--dry-run', 'show what would be written, and write nothing'),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<UpdateOptions>()
    const format = whitelistFormat(options)
    if (options.names !== undefined && options.request !== undefined) {
      throw new UsageError('--names and --request name two lists of symbols', 'Give one of them.')
    }
    const named = await namesOf(options, terminal)
    if (named.problems.some(isError)) {
      return deliver({ result: 'error', updates: [], problems: named.problems }, format, terminal)
    }
    const { updateWhitelists } = await import('../../../whitelists/update-whitelists.ts')
    const progress = await showProgress(terminal.stderr)
    const outcome = await updateWhitelists({
      ...collectRequest(options, terminal),
      ...named.value,
      allowAbsent: options.allowAbsent ?? false,
      causes: options.cause,
      accepted: new Set(await symbolArguments(options.acceptChanges ?? [], terminal.cwd)),
      dryRun: options.dryRun ?? false,
      onProgress: progress.update,
    }).finally(progress.end)
    return deliver(outcome, format, terminal)
  },
}

type Named = Pick<UpdateRequest, 'names' | 'grant'>

/** The symbols to protect from now on, and who agreed to that; no names when none are named. */
async function namesOf(options: UpdateOptions, { cwd }: Terminal): Promise<Read<Named>> {
  const { names, request, issue, reviewer } = options
  refuseHalfGrant(options)
  if (names !== undefined) {
    const { value, problems } = await readRows(resolve(cwd, names))
    return { value: { names: value }, problems }
  }
  if (request === undefined) return { value: { names: undefined }, problems: [] }
  const { readRequest } = await import('../../../vendor/read-request.ts')
  const { value, problems } = await readRequest(resolve(cwd, request), reviewer)
  const date = new Date().toISOString().slice(0, 10)
  const grant = value && { date, issue, reviewer: value.approvedBy }
  return { value: { names: value?.names, grant }, problems }
}

/** @throws UsageError */
function refuseHalfGrant({ request, issue, reviewer }: UpdateOptions): void {
  if (request === undefined && (issue !== undefined || reviewer !== undefined))
    throw new UsageError('--issue and --reviewer are of use only with --request')
  if (issue !== undefined && !issuePattern.test(issue))
    throw new UsageError('--issue needs the number of an issue, or its address, which begins with https://')
  if (reviewer !== undefined && !reviewerPattern.test(reviewer))
    throw new UsageError('--reviewer needs a name of up to 200 characters')
  // Anybody may write a name into the text of an issue.
  if (issue !== undefined && reviewer === undefined)
    throw new UsageError(
      '--issue needs --reviewer too',
      'Say who approves the request; what the issue says of that does not count.',
    )
}

function deliver(outcome: UpdateOutcome, format: 'text' | 'json', terminal: Terminal): number {
  const { result, problems } = outcome
  if (format === 'json') terminal.stdout.write(renderUpdateJson(outcome, tool))
  else {
    terminal.stdout.write(writeText(updateModel(outcome), textLayout(terminal.stdout, terminal.env)))
    if (result === 'error') {
      if (outcome.updates.length > 0) terminal.stdout.write('\n')
      return concludeProblems(problems, terminal)
    }
  }
  if (result === 'refused') return 1
  return result === 'error' ? exitCode(errorVerdict(tool, problems, undefined)) : 0
}
