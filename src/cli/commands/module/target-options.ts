import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { TargetRequest } from '../../../vendor/check-against.ts'
import type { Terminal } from '../../terminal.ts'
import { addReleaseOption, releaseOf, type ReleaseOption } from '../../release-option.ts'
import { UsageError } from '../../usage-error.ts'

/** How a command line names what modules are held against. */
export interface TargetOptions extends ReleaseOption {
  readonly kernel?: string
  readonly whitelist?: string
  readonly variant?: string
  readonly config?: string
  readonly symvers?: readonly string[]
  readonly root: string
}

/** Adds the options to a command, but for `--symvers` and `--variant`, which commands understand differently. */
export function addTargetOptions(command: Command): Command {
  return addReleaseOption(command)
    .option(
      '-k, --kernel <release>',
      'the kernel, as `uname -r` prints it, with its installed whitelist (default: the running kernel)',
    )
    .option('--whitelist <file>', 'the whitelist, in any dialect')
    .option('--config <file>', 'the configuration with the variants (default: kabi.yml or .github/kabi.yml)')
    .option('--root <folder>', 'look for installed kernels in this folder', '/')
}

/** @throws UsageError when the options contradict each other. */
export function targetRequest(
  { kernel, whitelist, variant, config, symvers, root, release }: TargetOptions,
  { cwd }: Terminal,
): TargetRequest {
  if (whitelist !== undefined && variant !== undefined) {
    throw new UsageError('--whitelist and --variant name two whitelists', 'Give one of them.')
  }
  if (config !== undefined && variant === undefined) {
    throw new UsageError('--config is of use only with --variant')
  }
  if (kernel !== undefined && !/^[\w.+~-]+$/.test(kernel)) {
    throw new UsageError('-k needs the release of a kernel', 'Give it as `uname -r` prints it.')
  }
  const path = (file: string | undefined) => (file === undefined ? undefined : resolve(cwd, file))
  return {
    release: kernel,
    distribution: releaseOf({ release }),
    whitelist: path(whitelist),
    variant,
    config: path(config),
    source: cwd,
    symvers: (symvers ?? []).map((file) => resolve(cwd, file)),
    root: resolve(cwd, root),
  }
}
