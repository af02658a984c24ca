import { errorVerdict } from '../../judge/decide.ts'
import { exitCode } from '../../judge/exit-code.ts'
import { printJson } from '../../report/json/print-json.ts'
import { jsonProblem } from '../../report/json/render-json.ts'
import { renderProblems } from '../../report/text/problem-blocks.ts'
import { tool } from '../../version.ts'
import { soughtIn } from '../bisect-options.ts'
import { renderBisection } from '../bisection-text.ts'
import type { CliCommand } from '../cli-command.ts'
import { addCollectOptions, collectRequest, type CollectCommandOptions } from '../collect-options.ts'
import { showProgress } from '../progress-display.ts'
import { textLayout } from '../terminal.ts'

interface BisectCommandOptions extends CollectCommandOptions {
  readonly symbol?: string
  readonly type?: string
  readonly firstParent?: boolean
  readonly json?: boolean
}

const example = `
What GOOD exports counts as promised, of a variant with a whitelist only the symbols on it. Your work tree is not touched. A run that was interrupted goes on.

Exit codes: 0 nothing that was asked for is broken at BAD, 1 it is, and the commit was found, 2 wrong usage, 3 a commit cannot be looked at

Examples:
  kabi-gate bisect v6.1.170 main
  kabi-gate bisect v6.1.170 main --type 'struct page' --variant x86_64
  kabi-gate bisect v6.1.170 main --symbol filp_open --first-parent`

/** `bisect GOOD BAD`: the commits that broke the kernel ABI between two. */
export const bisectCommand: CliCommand = {
  define: (program) =>
    addCollectOptions(
      program
        .command('bisect')
        .summary('find the commits that broke the kernel ABI between two')
        .description(
          'Find the commits between two that broke the kernel ABI, all breaks in one walk, in a checkout of its own.',
        )
        .argument('<good>', 'a commit with the ABI that counts')
        .argument('<bad>', 'a commit behind it, in which something is broken')
        .option('--symbol <name>', 'only what breaks this symbol')
        .option('--type <name>', 'only what changes this definition, such as "struct device" or s#device')
        .option('--first-parent', 'look only at the commits of the branch itself, as git bisect does')
        .option('--json', 'print the result as JSON'),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<BisectCommandOptions>()
    const [good = '', bad = ''] = command.args
    const sought = soughtIn(options)
    const progress = await showProgress(terminal.stderr)
    const { bisectRange } = await import('../../range/bisect-range.ts')
    const { value, problems } = await bisectRange({
      ...collectRequest(options, terminal),
      ...{ good, bad, sought, tool, override: undefined, firstParent: options.firstParent ?? false },
      onProgress: progress.update,
    }).finally(progress.end)
    if (options.json)
      terminal.stdout.write(
        printJson({
          ...{ schemaVersion: 1, tool: { name: tool.name, version: tool.version } },
          ...{ breaks: value?.breaks ?? [], looked: value?.looked ?? 0, skipped: value?.skipped ?? [] },
          problems: problems.map(jsonProblem),
        }),
      )
    else terminal.stdout.write(value ? renderBisection(value) : '')
    if (!options.json && problems.length > 0)
      terminal.stderr.write(renderProblems(problems, textLayout(terminal.stderr, terminal.env)))
    if (!value) return exitCode(errorVerdict(tool, problems, undefined))
    return value.breaks.length === 0 ? 0 : 1
  },
}
