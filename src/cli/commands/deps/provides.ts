import { resolve } from 'node:path'
import { isError } from '../../../problem/problem.ts'
import { readRows, readTables } from '../../../baseline/read-whitelist.ts'
import { kernelProvides, moduleProvides } from '../../../vendor/deps/provides.ts'
import { readExports } from '../../../vendor/deps/read-exports.ts'
import { symbolGroups } from '../../../vendor/deps/symbol-groups.ts'
import type { CliCommand } from '../../cli-command.ts'
import { gather } from '../../report-options.ts'
import { UsageError } from '../../usage-error.ts'
import { addStyle, depsGroup, fail, printLines, styleOf, tellNotes, type StyleOptions } from './group.ts'

interface ProvidesOptions extends StyleOptions {
  readonly symvers: readonly string[]
  readonly whitelist?: string
}

const example = `
Examples:
  kabi-gate deps provides --symvers Module.symvers
  kabi-gate deps provides BUILDROOT/lib/modules/*/extra/*.ko
  kabi-gate deps provides --symvers Module.kabi_x86_64 --whitelist kabi_whitelist_x86_64     (the groups of RHEL 5)`

/** `deps provides`: what a kernel package, or a package of modules, provides. */
export const depsProvidesCommand: CliCommand = {
  define: (program) =>
    addStyle(
      depsGroup(program)
        .command('provides')
        .summary('print what a package provides')
        .description(
          'Print the symbols that a kernel package or a package of kernel modules provides, as the distribution’s dependency generator does.',
        )
        .argument('[ko...]', 'modules of the package, plain or compressed (.gz, .xz, .zst)')
        .option(
          '--symvers <file>',
          'the Module.symvers of the kernel package; repeatable, the tables are joined',
          gather,
          [],
        )
        .option('--whitelist <file>', 'print the groups of this list, as RHEL 5 does; needs --symvers'),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<ProvidesOptions>()
    const { symvers, whitelist } = options
    const style = styleOf(options)
    const path = (file: string) => resolve(terminal.cwd, file)
    const files = command.args.map(path)
    if (symvers.length === 0 && files.length === 0) {
      throw new UsageError('Nothing to print: give --symvers, modules, or both')
    }
    if (whitelist !== undefined && (symvers.length === 0 || files.length > 0 || style.generator === 'suse')) {
      throw new UsageError('--whitelist is about the groups of a RHEL 5 kernel: give it with --symvers alone')
    }
    const exports = symvers.length === 0 ? none : await readTables(symvers.map(path))
    const rows = whitelist === undefined ? undefined : await readRows(path(whitelist))
    const modules = await readExports(files)
    const problems = [exports, rows ?? none, modules].flatMap((read) => read.problems).filter(isError)
    if (problems.length > 0) return fail(problems, terminal)
    if (rows) {
      const groups = symbolGroups(rows.value, exports.value.kernel)
      if (groups.problems.length > 0) return fail(groups.problems, terminal)
      printLines(
        groups.value.map(({ line }) => line),
        terminal,
      )
      tellNotes(exports.problems, terminal)
      return 0
    }
    const lines = [...kernelProvides(exports.value, style), ...moduleProvides(modules.value, style)]
    printLines(lines, terminal)
    tellNotes(exports.problems, terminal)
    return 0
  },
}

const none = { value: { file: '', kernel: [], beside: [] }, problems: [] }
