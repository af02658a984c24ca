import type { Command } from 'commander'

/** The command `module`, whose sub-commands are for those who ship drivers. */
export function moduleGroup(program: Command): Command {
  const known = program.commands.find((command) => command.name() === 'module')
  return (
    known ??
    program
      .command('module')
      .summary('check drivers against a whitelist')
      .description('Check kernel modules against a whitelist, and ask for symbols that are not on it.')
  )
}
