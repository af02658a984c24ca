import { Option, type Command } from 'commander'
import { isError, type Problem } from '../abi/problem.ts'
import { errorVerdict } from '../judge/decide.ts'
import { renderProblems } from '../report/text-problems.ts'
import { tool } from '../version.ts'
import { conclude } from './report-options.ts'
import { wantsColor, type Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** The form of what a command about whitelists prints. */
export interface WhitelistOutputOptions {
  readonly format?: 'text' | 'json'
  readonly json?: boolean
}

export function addWhitelistOutput(command: Command): Command {
  return command
    .addOption(new Option('--format <form>', 'form of the output').choices(['text', 'json']))
    .option('--json', 'same as --format json')
}

/** @throws UsageError when the options contradict each other. */
export function whitelistFormat({ format, json }: WhitelistOutputOptions): 'text' | 'json' {
  if (json && format === 'text') throw new UsageError('--json contradicts --format text')
  return json ? 'json' : (format ?? 'text')
}

/**
 * Prints problems after what a command about whitelists did: errors with all that belongs to a report of errors, else
 * the notes.
 * @returns the exit code that they call for, 0 when there are only notes
 */
export function concludeProblems(problems: readonly Problem[], terminal: Terminal): Promise<number> {
  if (problems.some(isError)) {
    return conclude(errorVerdict(tool, problems, undefined), { format: 'text', files: [] }, terminal)
  }
  if (problems.length > 0) {
    const color = wantsColor(terminal.stdout, terminal.env)
    terminal.stdout.write('\n' + renderProblems(problems, { color }))
  }
  return Promise.resolve(0)
}
