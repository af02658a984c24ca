import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Strategy } from '../../abi/evidence.ts'
import { defaultWorkDir } from '../../kernel/work-dir.ts'
import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import { showProgress } from '../../io/progress-display.ts'
import { positiveInteger } from '../positive-integer.ts'
import { addReportOptions, conclude, gather, reportRequest, type ReportOptions } from '../report-options.ts'

interface CheckOptions extends ReportOptions {
  readonly config?: string
  readonly source: string
  readonly variant: readonly string[]
  readonly strategy?: Strategy
  readonly symvers: readonly string[]
  readonly workDir?: string
  readonly jobs: number
}

const example = `
Examples:
  kabi-gate check                                 (in a kernel tree with a kabi.yml: build and compare every variant)
  kabi-gate check --variant x86_64 --output report.md --output report.json
  kabi-gate check --symvers x86_64=build/Module.symvers
  kabi-gate check --disable-kabi-check --reason "bisecting the break of bug 4711"`

/** `check`: plan, collect and judge in one process. */
export const checkCommand: CliCommand = {
  define: (program) =>
    addReportOptions(
      program
        .command('check')
        .summary('build or read every variant of kabi.yml and compare it with its whitelist')
        .description(
          'Check a kernel tree: collect the checksums of every variant of kabi.yml and compare them.',
        )
        .option(
          '--config <file>',
          'the configuration (default: kabi.yml or .github/kabi.yml in the source tree)',
        )
        .option('--source <folder>', 'the kernel source tree; it is never written to', '.')
        .option('--variant <name>', 'check only this variant; repeatable', gather, [])
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
        .option('--jobs <count>', 'compilers to run at once', positiveInteger, availableParallelism()),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<CheckOptions>()
    const { output, override } = reportRequest(options)
    const { cwd, env, signal, stderr } = terminal
    const { check } = await import('../../gate.ts')
    const source = resolve(cwd, options.source)
    const progress = showProgress(stderr)
    const verdict = await check({
      tool,
      override,
      config: options.config === undefined ? undefined : resolve(cwd, options.config),
      source,
      variants: options.variant,
      strategy: options.strategy,
      symvers: options.symvers,
      cwd,
      workDir: options.workDir === undefined ? defaultWorkDir(source, env) : resolve(cwd, options.workDir),
      jobs: options.jobs,
      signal,
      onProgress: progress.update,
    }).finally(progress.end)
    return conclude(verdict, output, terminal)
  },
}
