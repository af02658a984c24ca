import type { Command } from 'commander'

/** The command `whitelist`, whose sub-commands make whitelists and keep them. */
export function whitelistGroup(program: Command): Command {
  const known = program.commands.find((command) => command.name() === 'whitelist')
  return (
    known ??
    program
      .command('whitelist')
      .summary('make whitelists and keep them')
      .description('Make whitelists and keep them.')
  )
}
