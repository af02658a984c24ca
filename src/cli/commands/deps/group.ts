import { Option, type Command } from 'commander'
import type { Problem } from '../../../problem/problem.ts'
import { errorVerdict } from '../../../judge/decide.ts'
import { generators, type Generator, type GeneratorStyle } from '../../../vendor/deps/generator.ts'
import { tool } from '../../../version.ts'
import { renderProblems } from '../../../report/text/problem-blocks.ts'
import { conclude } from '../../report-options.ts'
import { textLayout, type Terminal } from '../../terminal.ts'
import { UsageError } from '../../usage-error.ts'

/** The command `deps`, whose sub-commands are about the dependencies of RPM packages on kernel symbols. */
export function depsGroup(program: Command): Command {
  const known = program.commands.find((command) => command.name() === 'deps')
  return (
    known ??
    program
      .command('deps')
      .summary('RPM dependencies on kernel symbols')
      .description('Print and check the dependencies that RPM packages have on kernel symbols.')
  )
}

/** The options that say whose generator to follow. */
export interface StyleOptions {
  readonly generator: Generator
  readonly flavour?: string
}

export function addStyle(command: Command): Command {
  return command
    .addOption(
      new Option('--generator <name>', 'the dependency generator to imitate')
        .choices(generators)
        .default('rhel'),
    )
    .option('--flavour <name>', 'flavour of the kernel, for --generator suse: default, rt')
}

/** @throws UsageError when flavour and generator do not go together. */
export function styleOf({ generator, flavour }: StyleOptions): GeneratorStyle {
  if (generator !== 'suse') {
    if (flavour !== undefined) throw new UsageError('--flavour belongs to --generator suse')
    return { generator }
  }
  if (flavour === undefined || !/^[\w.+-]+$/.test(flavour)) {
    throw new UsageError('--generator suse needs --flavour, such as default')
  }
  return { generator, flavour }
}

/** Tells problems on standard error, since standard output is for lines that another program reads. */
export function fail(problems: readonly Problem[], terminal: Terminal): Promise<number> {
  return conclude(
    errorVerdict(tool, problems, undefined),
    { format: 'text', files: [] },
    { ...terminal, stdout: terminal.stderr },
  )
}

/** Tells notes on standard error. */
export function tellNotes(notes: readonly Problem[], { stderr, env }: Terminal): void {
  if (notes.length > 0) stderr.write(renderProblems(notes, textLayout(stderr, env)))
}

/** Prints lines, or nothing at all for none. */
export function printLines(lines: readonly string[], { stdout }: Terminal): void {
  stdout.write(lines.map((line) => line + '\n').join(''))
}
