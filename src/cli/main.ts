import { Command, CommanderError, Help, type Option } from 'commander'
import { codeForBisect } from '../judge/exit-code.ts'
import { problemTexts } from '../problem/problem.ts'
import { tool } from '../version.ts'
import { asksToBisect } from './asks-to-bisect.ts'
import type { CliCommand } from './cli-command.ts'
import { commandsFor } from './commands.ts'
import { knownArguments } from './known-arguments.ts'
import { nearest } from '../config/nearest.ts'
import { failureOf } from './streams.ts'
import { refuseRepeated } from './refuse-repeated.ts'
import { columnsOf, type Terminal } from './terminal.ts'
import { LostOutput } from './output.ts'
import { UsageError } from './usage-error.ts'

const exitCodes = `
Exit codes:
  0 pass or overridden   1 ABI break   2 wrong usage or configuration   3 could not verify   4 kabi-gate failed
  With check --bisect: 0 good   1 bad   125 this commit cannot be looked at   128 and above: the bisection stops`

/**
 * Runs one command line.
 * @param args the arguments after the program's name
 * @returns the exit code; nothing is thrown
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const code = await runCommand(args, terminal)
  return asksToBisect(args) ? codeForBisect(code) : code
}

async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0
  const program = new Command('kabi-gate')
    .description(
      'Guards a kernel’s ABI: compares the checksums of protected symbols with the whitelist of each variant.',
    )
    .version(tool.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => columnsOf(terminal.stdout) ?? 100,
      getErrHelpWidth: () => columnsOf(terminal.stderr) ?? 100,
    })
    .configureHelp({ minWidthToWrap: 20, optionDescription })
    .addHelpText('after', exitCodes)
  const known = knownArguments(args)
  for (const note of known.notes) terminal.stderr.write(`note: ${note}\n`)
  try {
    addCommands(program, await commandsFor(known.args), async (run, command) => {
      code = await run(command, terminal)
    })
    await program.parseAsync(helpArguments(program, known.args), { from: 'user' })
    return code
  } catch (error) {
    return explain(error, terminal)
  }
}

/**
 * Adds commands to a program.
 * @param start called with what a command does when it was asked for
 */
export function addCommands(
  program: Command,
  commands: readonly CliCommand[],
  start: (run: CliCommand['run'], command: Command) => void | Promise<void>,
): void {
  for (const { define, run } of commands) {
    const command = define(program)
    command.exitOverride().copyInheritedSettings(program)
    refuseRepeated(command)
    command.action(() => start(run, command))
  }
}

/**
 * The arguments that ask a command for its help, where they ask as `help whitelist create` or `whitelist help create` does.
 * @throws UsageError for a command that is not there
 */
function helpArguments(program: Command, args: readonly string[]): readonly string[] {
  const at = args.slice(0, 2).indexOf('help')
  const group = program.commands.find((one) => one.name() === args[0])
  if (at < 0 || (at === 1 && (group?.commands.length ?? 0) === 0)) return args
  const names = args.filter((word, index) => index !== at && !word.startsWith('-'))
  let command = program
  for (const name of names) {
    const known = command.commands.map((one) => one.name())
    const next = command.commands.find((one) => one.name() === name)
    if (!next) {
      const near = nearest(name, known)
      const all = known.length === 0 ? `${command.name()} has none.` : `Commands are ${known.join(', ')}.`
      throw new UsageError(
        `there is no command ${names.slice(0, names.indexOf(name) + 1).join(' ')}`,
        near === undefined ? all : `Did you mean ${near}?`,
      )
    }
    command = next
  }
  return [...names, '--help']
}

/** Every failure ends in one line of plain words and an exit code of its own. */
function explain(error: unknown, { stderr }: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof LostOutput) {
    stderr.write(error.text)
    return 3
  }
  if (error instanceof UsageError) {
    stderr.write(`error: ${error.message}\n  = help: ${error.advice ?? problemTexts.usage.advice}\n`)
    return 2
  }
  const { code, text } = failureOf(error)
  stderr.write(text)
  return code
}

/** That no value was given is no default to tell of. */
function optionDescription(this: Help, option: Option): string {
  const { defaultValue } = option as { readonly defaultValue?: unknown }
  const text = Help.prototype.optionDescription.call(this, option)
  return Array.isArray(defaultValue) && defaultValue.length === 0 ? text.replace(' (default: [])', '') : text
}
