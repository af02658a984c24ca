import { Option } from 'commander'
import { rowColumns } from '../../../abi/compare-whitelists.ts'
import type { WhitelistsDifference } from '../../../abi/compare-whitelists.ts'
import { isError, type Problem } from '../../../problem/problem.ts'
import { errorVerdict } from '../../../judge/decide.ts'
import { renderWhitelistDiffJson } from '../../../report/json/whitelist-json.ts'
import { writeMarkdown } from '../../../report/markdown/render-markdown.ts'
import { diffModel, diffResult } from '../../../report/model/whitelist-models.ts'
import { writeText } from '../../../report/text/render-text.ts'
import { tool } from '../../../version.ts'
import type { CliCommand } from '../../cli-command.ts'
import { conclude } from '../../report-options.ts'
import { textLayout, type Terminal } from '../../terminal.ts'
import { concludeProblems } from '../../whitelist-output.ts'
import { whitelistGroup } from './group.ts'

const formats = ['text', 'json', 'markdown'] as const

type Format = (typeof formats)[number]

interface DiffOptions {
  readonly format: Format
  readonly namesOnly?: boolean
}

const help = `
Whitelists only grow: changing or removing a row breaks a promise.

Exit codes:
  0 only additions   1 a row was changed or removed   2 wrong usage   3 a list could not be read

Examples:
  kabi-gate whitelist diff old/kabi_whitelist new/kabi_whitelist
  kabi-gate whitelist diff redhat/kabi whitelists                  (every variant, in any dialect)
  kabi-gate whitelist diff v6.1:whitelists whitelists              (those of a commit and of the work tree)
  kabi-gate whitelist diff --names-only Module.kabi_x86_64 driver-symbols.txt`

/** `whitelist diff OLD NEW`: what changed between two whitelists, or between those of two folders. */
export const whitelistDiffCommand: CliCommand = {
  define: (program) =>
    whitelistGroup(program)
      .command('diff')
      .summary('show what changed between two whitelists')
      .description(
        'Compare two whitelists row by row, or two folders variant by variant. Each list may be in any dialect, or ' +
          'a Module.symvers. Columns that only the newer list has are not compared. If types are stored beside both ' +
          'lists, it says which definitions changed the checksums.',
      )
      .argument('<old>', 'the older whitelist, or a folder of whitelists; REF:PATH for those of a commit')
      .argument('<new>', 'the newer one')
      .addOption(new Option('--format <form>', 'format of the output').choices(formats).default('text'))
      .option('--names-only', 'compare only which symbols are listed')
      .addHelpText('after', help),

  run: async (command, terminal) => {
    const { format, namesOnly = false } = command.opts<DiffOptions>()
    const { diffWhitelists } = await import('../../../whitelists/diff-whitelists.ts')
    const [before = '', after = ''] = command.args
    const columns = namesOnly ? [] : rowColumns
    const { cwd, signal } = terminal
    const { value: difference, problems } = await diffWhitelists({ before, after, columns, cwd, signal })
    if (problems.some(isError)) {
      if (format === 'text') return concludeProblems(problems, terminal)
      return conclude(errorVerdict(tool, problems, undefined), { format, files: [] }, terminal)
    }
    terminal.stdout.write(render(difference, problems, format, terminal))
    return diffResult(difference.differences) === 'changed' ? 1 : 0
  },
}

/** What fits into a comment. */
const markdownBytes = 60_000

function render(
  difference: WhitelistsDifference,
  notes: readonly Problem[],
  format: Format,
  { stdout, env }: Terminal,
): string {
  switch (format) {
    case 'text':
      return writeText(diffModel(difference, notes), textLayout(stdout, env))
    case 'json':
      return renderWhitelistDiffJson(difference, notes)
    case 'markdown':
      return writeMarkdown(diffModel(difference, notes), { maxBytes: markdownBytes })
  }
}
