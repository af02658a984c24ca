import { Option } from 'commander'
import { errorVerdict } from '../../judge/decide.ts'
import { exitCode } from '../../judge/exit-code.ts'
import { renderProblems } from '../../report/text/problem-blocks.ts'
import { writeFileSafely } from '../../io/write-file.ts'
import { tool } from '../../version.ts'
import { soughtIn } from '../bisect-options.ts'
import { resultOf, type Bisection } from '../bisection.ts'
import { bisectionText, renderBisection } from '../bisection-text.ts'
import type { CliCommand } from '../cli-command.ts'
import { addCollectOptions, collectRequest, type CollectCommandOptions } from '../collect-options.ts'
import { findBreaks } from '../find-breaks.ts'
import { markdownBytes, notWritten, outputRequest, prepareOutput, type OutputRequest } from '../output.ts'
import { showProgress } from '../progress-display.ts'
import { gather } from '../report-options.ts'
import { textLayout, type Terminal } from '../terminal.ts'
import { whitelistFormat } from '../whitelist-output.ts'

const formats = ['text', 'json', 'markdown'] as const

type Format = (typeof formats)[number]

interface BisectCommandOptions extends CollectCommandOptions {
  readonly symbol?: string
  readonly type?: string
  readonly firstParent?: boolean
  readonly format?: Format
  readonly json?: boolean
  readonly output: readonly string[]
}

const example = `
What GOOD exports counts as promised, of a variant with a whitelist only the symbols on it. Your work tree is not touched. A run that was interrupted goes on.

Exit codes: 0 nothing that was asked for is broken at BAD, 1 it is, and the commit was found, 2 wrong usage, 3 a commit cannot be looked at

Examples:
  kabi-gate bisect v6.1.170 main
  kabi-gate bisect v6.1.170 main --type 'struct page' --variant x86_64
  kabi-gate bisect v6.1.170 main --symbol filp_open --first-parent
  kabi-gate bisect v6.1.170 main --output ../bisection.md --output ../bisection.json`

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
        .addOption(new Option('--format <form>', 'format of the result on standard output').choices(formats))
        .option('--json', 'same as --format json')
        .option(
          '--output <file>',
          'also write the result to a file; the format is that of .txt, .json or .md, or FORMAT=FILE; repeatable',
          gather,
          [],
        ),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<BisectCommandOptions>()
    const { symbol, type, firstParent = false } = options
    const [good = '', bad = ''] = command.args
    const sought = soughtIn(options)
    const output = outputRequest(whitelistFormat<Format>(options), options.output, formats)
    await prepareOutput(output)
    const progress = await showProgress(terminal.stderr)
    const bisection = await findBreaks({
      ...collectRequest(options, terminal),
      ...{ good, bad, sought, symbol, type, firstParent },
      onProgress: progress.update,
    }).finally(progress.end)
    const delivered = await deliver(bisection, output, terminal)
    return codeOf(bisection) || (delivered ? 0 : 3)
  },
}

function codeOf(bisection: Bisection): number {
  if (!bisection.value) return exitCode(errorVerdict(tool, bisection.problems, undefined))
  return resultOf(bisection) === 'found' ? 1 : 0
}

/** @returns false when a file could not be written; standard error says which and why. */
async function deliver(
  bisection: Bisection,
  { format = 'text', files }: OutputRequest<Format>,
  { stdout, stderr, env }: Terminal,
): Promise<boolean> {
  const { value, problems } = bisection
  let delivered = true
  for (const one of files) {
    const problem = await writeFileSafely(one.path, await writers[one.format](bisection))
    if (!problem) continue
    delivered = false
    stderr.write(notWritten(one.format, problem))
  }
  if (format !== 'text') stdout.write(await writers[format](bisection))
  else {
    if (value) stdout.write(renderBisection(value))
    if (problems.length > 0) stderr.write(renderProblems(problems, textLayout(stderr, env)))
  }
  return delivered
}

/** The writer of each format; those that few ask for are loaded then. */
const writers: Readonly<Record<Format, (bisection: Bisection) => string | Promise<string>>> = {
  text: bisectionText,
  json: async (bisection) => (await import('../bisection-json.ts')).bisectionJson(bisection),
  markdown: async (bisection) =>
    (await import('../bisection-markdown.ts')).bisectionMarkdown(bisection, { maxBytes: markdownBytes }),
}
