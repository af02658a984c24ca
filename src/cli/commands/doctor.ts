import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Strategy } from '../../abi/evidence.ts'
import type { Health } from '../../doctor.ts'
import { errorVerdict } from '../../judge/decide.ts'
import { scrubbedEnvironment } from '../../kernel/scrubbed-environment.ts'
import { defaultWorkDir } from '../../kernel/work-dir.ts'
import { tool } from '../../version.ts'
import type { CliCommand } from '../cli-command.ts'
import { conclude, gather } from '../report-options.ts'
import { wantsColor } from '../terminal.ts'

interface DoctorOptions {
  readonly config?: string
  readonly source: string
  readonly variant: readonly string[]
  readonly strategy?: Strategy
  readonly workDir?: string
  readonly format: 'text' | 'json'
}

const example = `
Examples:
  kabi-gate doctor
  kabi-gate doctor --variant aarch64 --format json

Exits with 0 when everything is there, with 3 when something is missing.`

/** `doctor`: what this machine lacks to run `check`. */
export const doctorCommand: CliCommand = {
  define: (program) =>
    program
      .command('doctor')
      .summary('tell what this machine lacks to check the variants of kabi.yml')
      .description(
        'Look for everything that checking the variants takes: files, compilers, tools, headers, disk and memory.',
      )
      .option(
        '--config <file>',
        'the configuration (default: kabi.yml or .github/kabi.yml in the source tree)',
      )
      .option('--source <folder>', 'the kernel source tree', '.')
      .option('--variant <name>', 'only this variant; repeatable', gather, [])
      .addOption(
        new Option('--strategy <strategy>', 'how to get the checksums of every variant').choices([
          'exports',
          'full',
          'prebuilt',
        ] satisfies Strategy[]),
      )
      .option(
        '--work-dir <folder>',
        'where kernels are built (default: a folder of the tree in ~/.cache/kabi-gate)',
      )
      .addOption(
        new Option('--format <form>', 'form of the output').choices(['text', 'json']).default('text'),
      )
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<DoctorOptions>()
    const { cwd, env, signal, stdout } = terminal
    const { examine, isHealthy } = await import('../../doctor.ts')
    const source = resolve(cwd, options.source)
    const { value: health, problems } = await examine({
      config: options.config === undefined ? undefined : resolve(cwd, options.config),
      source,
      variants: options.variant,
      strategy: options.strategy,
      symvers: [],
      cwd,
      workDir: options.workDir === undefined ? defaultWorkDir(source, env) : resolve(cwd, options.workDir),
      env: scrubbedEnvironment(env),
      signal,
    })
    if (!health) {
      return conclude(
        errorVerdict(tool, problems, undefined),
        { format: options.format, files: [] },
        terminal,
      )
    }
    if (options.format === 'json') stdout.write(healthJson(health, isHealthy(health)))
    else {
      const { renderHealth } = await import('../doctor-text.ts')
      stdout.write(renderHealth(health, { color: wantsColor(stdout, env) }))
    }
    return isHealthy(health) ? 0 : 3
  },
}

function healthJson({ variants, installation }: Health, ready: boolean): string {
  return JSON.stringify({ schemaVersion: 1, tool, ready, variants, installation }, undefined, 2) + '\n'
}
