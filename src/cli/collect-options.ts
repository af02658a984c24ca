import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import type { Strategy } from '../abi/evidence.ts'
import type { PlanRequest } from '../gate.ts'
import { defaultWorkDir } from '../kernel/work-dir.ts'
import { positiveInteger } from './positive-integer.ts'
import { gather } from './report-options.ts'
import type { Terminal } from './terminal.ts'

/** The options of every command that collects the checksums of variants, as the command line gives them. */
export interface CollectFlags {
  readonly config?: string
  readonly source: string
  readonly variant: readonly string[]
  readonly strategy?: Strategy
  readonly symvers: readonly string[]
  readonly workDir?: string
  readonly jobs: number
}

/** What these options ask for; every path absolute. */
export interface CollectRequest extends PlanRequest {
  readonly workDir: string
  readonly jobs: number
  readonly signal: AbortSignal
}

/** Adds the options to a command. */
export function addCollectOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration (default: kabi.yml or .github/kabi.yml in the source tree)')
    .option('--source <folder>', 'the kernel source tree; it is never built in', '.')
    .option('--variant <name>', 'only this variant; repeatable', gather, [])
    .addOption(
      new Option('--strategy <strategy>', 'how to get the checksums of every variant').choices([
        'exports',
        'full',
        'prebuilt',
      ] satisfies Strategy[]),
    )
    .option('--symvers <variant=file>', 'the Module.symvers of a finished build; repeatable', gather, [])
    .option(
      '--work-dir <folder>',
      'where kernels are built (default: a folder of the tree in ~/.cache/kabi-gate)',
    )
    .option('--jobs <count>', 'compilers to run at once', positiveInteger, availableParallelism())
}

export function collectRequest(options: CollectFlags, { cwd, env, signal }: Terminal): CollectRequest {
  const source = resolve(cwd, options.source)
  return {
    config: options.config === undefined ? undefined : resolve(cwd, options.config),
    source,
    variants: options.variant,
    strategy: options.strategy,
    symvers: options.symvers,
    cwd,
    workDir: options.workDir === undefined ? defaultWorkDir(source, env) : resolve(cwd, options.workDir),
    jobs: options.jobs,
    signal,
  }
}
