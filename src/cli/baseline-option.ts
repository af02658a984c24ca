import type { Command } from 'commander'

/** The option that names the commit to trust, as the command line gives it. */
export interface BaselineOption {
  readonly baselineRef?: string
}

/** Adds the option to a command. */
export function addBaselineOption(command: Command): Command {
  return command.option(
    '--baseline-ref <ref>',
    'use configuration, whitelists, waivers and rules of this commit, not of the work tree; implies --base',
  )
}
