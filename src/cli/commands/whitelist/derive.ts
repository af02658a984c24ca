import { resolve } from 'node:path'
import { formatNames } from '../../../abi/format-names.ts'
import { formatWhitelist } from '../../../abi/format-whitelist.ts'
import type { Problem } from '../../../problem/problem.ts'
import { createFile } from '../../../io/write-file.ts'
import { errorVerdict } from '../../../judge/decide.ts'
import { counted } from '../../../report/words.ts'
import { tool } from '../../../version.ts'
import { deriveFromDrivers } from '../../../vendor/derive-from-drivers.ts'
import type { CliCommand } from '../../cli-command.ts'
import { conclude, gather } from '../../report-options.ts'
import { whitelistGroup } from './group.ts'

interface DeriveOptions {
  readonly output?: string
  readonly withChecksums?: boolean
  readonly symvers: readonly string[]
}

const example = `
Symbols that one of the drivers exports to another are left out. Each symbol is listed once: in the section
[common] if several drivers need it, otherwise in the section of its driver.

Examples:
  kabi-gate whitelist derive drivers/*.ko.xz -o driver-symbols.txt
  kabi-gate whitelist derive e1000e.ko igb.ko --symvers Module.symvers -o whitelists/x86_64/kabi_whitelist`

/** `whitelist derive KO...`: the symbols that drivers import. */
export const whitelistDeriveCommand: CliCommand = {
  define: (program) =>
    whitelistGroup(program)
      .command('derive')
      .summary('list the symbols that drivers import')
      .description(
        'List the symbols that kernel modules import, for a whitelist that protects exactly these.',
      )
      .argument('<ko...>', 'drivers built for the kernel, plain or compressed (.gz, .xz, .zst)')
      .option('-o, --output <file>', 'write the list to a new file (default: standard output)')
      .option('--with-checksums', 'write rows, with the checksums that the drivers were built with')
      .option(
        '--symvers <file>',
        'write rows, with all columns from the Module.symvers of the drivers’ kernel; repeatable, the tables are joined',
        gather,
        [],
      )
      .addHelpText('after', example),

  run: async (command, terminal) => {
    const { output, withChecksums = false, symvers } = command.opts<DeriveOptions>()
    const path = (file: string) => resolve(terminal.cwd, file)
    // Standard output may be the list's file.
    const fail = (problems: readonly Problem[]) =>
      conclude(
        errorVerdict(tool, problems, undefined),
        { format: 'text', files: [] },
        { ...terminal, stdout: terminal.stderr },
      )
    const { value: derived, problems } = await deriveFromDrivers({
      drivers: command.args.map(path),
      checksums: withChecksums,
      symvers: symvers.map(path),
    })
    if (!derived) return fail(problems)
    const { whitelist, internal } = derived
    const text = withChecksums || symvers.length > 0 ? formatWhitelist(whitelist) : formatNames(whitelist)
    if (output === undefined) terminal.stdout.write(text)
    else {
      const problem = await createFile(path(output), text)
      if (problem) return fail([problem])
    }
    terminal.stderr.write(summary(whitelist.rows.length, internal, command.args.length))
    return 0
  },
}

function summary(symbols: number, internal: number, drivers: number): string {
  const leftOut =
    internal === 0 ? '' : `; ${counted(internal, 'symbol')} that they export to each other left out`
  return `${counted(symbols, 'symbol')} imported by ${counted(drivers, 'driver')}${leftOut}\n`
}
