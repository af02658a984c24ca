import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import { commandTree } from '../completion/command-tree.ts'
import { manualPage } from '../completion/manual-page.ts'
import { programOf } from './completion.ts'

const example = `
Examples:
  kabi-gate man | man -l -
  kabi-gate man > /usr/share/man/man1/kabi-gate.1`

/** `man`: the manual page. */
export const manCommand: CliCommand = {
  define: (program) =>
    program
      .command('man')
      .summary('print the manual page')
      .description('Print the manual page of kabi-gate and all its commands, for man -l.')
      .addHelpText('after', example),

  run: (command, { stdout }) => {
    stdout.write(manualPage(commandTree(programOf(command)), tool.version))
    return Promise.resolve(0)
  },
}
