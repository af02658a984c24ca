import { Argument } from 'commander'
import type { CliCommand } from '../cli-command.ts'
import { commandTree } from '../completion/command-tree.ts'
import { completionScripts, shells, type Shell } from '../completion/shells.ts'

const example = `
Examples:
  source <(kabi-gate completion bash)
  kabi-gate completion bash > /usr/share/bash-completion/completions/kabi-gate
  kabi-gate completion zsh > /usr/share/zsh/site-functions/_kabi-gate
  kabi-gate completion fish > ~/.config/fish/completions/kabi-gate.fish`

/** `completion SHELL`: a script for the shell. */
export const completionCommand: CliCommand = {
  define: (program) =>
    program
      .command('completion')
      .summary('print the completion script for a shell')
      .description('Print a script with which a shell completes commands, options and files of kabi-gate.')
      .addArgument(new Argument('<shell>', 'the shell').choices(shells))
      .addHelpText('after', example),

  run: (command, { stdout }) => {
    const shell = command.args[0] as Shell
    stdout.write(completionScripts[shell](commandTree(programOf(command))))
    return Promise.resolve(0)
  },
}

/** The program that a command belongs to. */
export function programOf(command: Parameters<CliCommand['run']>[0]): typeof command {
  return command.parent ?? command
}
