import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Strategy } from '../abi/evidence.ts'
import type { PlanRequest } from '../config/load-plan.ts'
import type { CollectOptions } from '../kernel/collect.ts'
import { defaultWorkDir } from '../kernel/work-dir.ts'
import { gather } from './report-options.ts'
import type { Terminal } from './terminal.ts'

/** The options of every command that collects checksums, as the command line gives them. */
export interface CollectCommandOptions {
  readonly config?: string
  readonly source: string
  readonly variant: readonly string[]
  readonly strategy?: Strategy
  readonly symvers: readonly string[]
  readonly workDir?: string
  readonly jobs: number
}

/** Adds the options to a command. */
export function addCollectOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration (default: kabi.yml or .github/kabi.yml in the source tree)')
    .option('--source <folder>', 'the kernel source tree; builds never write to it', '.')
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
      'the folder to build kernels in (default: one per tree in ~/.cache/kabi-gate)',
    )
    .option('--jobs <count>', 'how many programs to run at once', positiveInteger, availableParallelism())
}

/** What these options ask for; paths are absolute. */
export function collectRequest(
  options: CollectCommandOptions,
  { cwd, env, signal }: Terminal,
): PlanRequest & Omit<CollectOptions, 'source' | 'onProgress'> {
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

/**
 * Reads a count from the command line.
 * @throws InvalidArgumentError for anything but a whole number above zero
 */
function positiveInteger(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a whole number above zero.')
}
