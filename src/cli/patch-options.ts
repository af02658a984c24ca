import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { PatchSource } from '../gate.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** The options that tell which patch is looked at, as the command line gives them. */
export interface PatchOptions {
  readonly base?: string
  readonly patch?: string
}

/** Adds the option that names the commit to trust. */
export function addBaselineOption(command: Command): Command {
  return command.option(
    '--baseline-ref <ref>',
    'the commit whose configuration, whitelists, waivers and rules count, instead of the work tree’s; implies --base',
  )
}

/** Adds the options to a command. */
export function addPatchOptions(command: Command): Command {
  return command
    .option(
      '--base <ref>',
      'what the patch starts from: a commit, branch or tag of the kernel tree’s repository',
    )
    .option('--patch <file>', 'the patch, as git diff or git format-patch writes it, instead of --base')
}

/**
 * The patch that the options name; undefined for none.
 * @throws UsageError for two
 */
export function patchSource({ base, patch }: PatchOptions, { cwd }: Terminal): PatchSource | undefined {
  if (base !== undefined && patch !== undefined) throw new UsageError('--base contradicts --patch')
  if (patch !== undefined) return { kind: 'file', path: resolve(cwd, patch) }
  return base === undefined ? undefined : { kind: 'base', ref: base }
}
