import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { CheckRequest } from '../gate/request.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** The options that an explanation draws on, as the command line gives them. */
export interface ExplanationOptions {
  readonly base?: string
  readonly patch?: string
  readonly debugBefore?: string
  readonly debugAfter?: string
}

/** Adds the options to a command. */
export function addExplanationOptions(command: Command): Command {
  return command
    .option(
      '--base <ref>',
      'the commit, branch or tag that the patch is based on: names the lines of the patch',
    )
    .option('--patch <file>', 'the patch as a file, from git diff or git format-patch, instead of --base')
    .option(
      '--debug-before <file>',
      'a vmlinux, object or module of the released kernel with BTF or DWARF: shows sizes and offsets',
    )
    .option('--debug-after <file>', 'the same file of this kernel')
}

/**
 * What these options ask for; paths are absolute.
 * @throws UsageError for options that contradict each other, and for one that needs another
 */
export function explanationRequest(
  { base, patch, debugBefore, debugAfter }: ExplanationOptions,
  { cwd }: Terminal,
): Pick<CheckRequest, 'patch' | 'debugInfo'> {
  if (base !== undefined && patch !== undefined) throw new UsageError('--base contradicts --patch')
  if ((debugBefore === undefined) !== (debugAfter === undefined))
    throw new UsageError('--debug-before and --debug-after go together')
  const debugInfo =
    debugBefore !== undefined && debugAfter !== undefined
      ? { before: resolve(cwd, debugBefore), after: resolve(cwd, debugAfter) }
      : undefined
  if (patch !== undefined) return { patch: { kind: 'file', path: resolve(cwd, patch) }, debugInfo }
  return { patch: base === undefined ? undefined : { kind: 'base', ref: base }, debugInfo }
}
