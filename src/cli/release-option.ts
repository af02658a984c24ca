import type { Command } from 'commander'
import { parseRelease, type Release } from '../abi/promised-in.ts'
import { UsageError } from './usage-error.ts'

/** The option that names the release, as the command line gives it. */
export interface ReleaseOption {
  readonly release?: string
}

/** Adds the option to a command. */
export function addReleaseOption(command: Command): Command {
  return command.option(
    '--release <release>',
    'the release, such as 9.8, for lists that say how long a symbol is promised',
  )
}

/** @throws UsageError for what names no release. */
export function releaseOf({ release }: { readonly release?: string | undefined }): Release | undefined {
  if (release === undefined) return undefined
  const known = parseRelease(release)
  if (!known) throw new UsageError('--release needs major and minor number', 'Give it as in --release 9.8.')
  return known
}
