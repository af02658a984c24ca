import { Option, type Command } from 'commander'
import { isError, type Problem } from '../problem/problem.ts'
import { errorVerdict } from '../judge/decide.ts'
import { exitCode } from '../judge/exit-code.ts'
import { renderProblems } from '../report/text/problem-blocks.ts'
import { tool } from '../version.ts'
import { textLayout, type Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** The form of what a command about whitelists prints. */
export interface WhitelistOutputOptions {
  readonly format?: 'text' | 'json'
  readonly json?: boolean
}

export function addWhitelistOutput(command: Command): Command {
  return command
    .addOption(new Option('--format <form>', 'format of the output').choices(['text', 'json']))
    .option('--json', 'same as --format json')
}

/** @throws UsageError when the options contradict each other. */
export function whitelistFormat<Format extends string = 'text' | 'json'>({
  format,
  json,
}: {
  readonly format?: Format
  readonly json?: boolean
}): Format | 'text' | 'json' {
  if (json && format !== undefined && format !== 'json')
    throw new UsageError(`--json contradicts --format ${format}`)
  return json ? 'json' : (format ?? 'text')
}

/**
 * Prints the problems of a command that has no verdict, behind what it did.
 * @returns the exit code that they call for, 0 when there are only notes
 */
export function concludeProblems(problems: readonly Problem[], { stdout, env }: Terminal): number {
  const failed = problems.some(isError)
  if (problems.length > 0)
    stdout.write((failed ? '' : '\n') + renderProblems(problems, textLayout(stdout, env)))
  return failed ? exitCode(errorVerdict(tool, problems, undefined)) : 0
}
