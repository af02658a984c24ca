import { resolve } from 'node:path'
import { isError } from '../../../problem/problem.ts'
import { readRows, readTables } from '../../../baseline/read-whitelist.ts'
import { groupRequires, requiresOf } from '../../../vendor/deps/requires.ts'
import { symbolGroups } from '../../../vendor/deps/symbol-groups.ts'
import { readModules } from '../../../module/read-modules.ts'
import type { CliCommand } from '../../cli-command.ts'
import { gather } from '../../report-options.ts'
import { UsageError } from '../../usage-error.ts'
import { addStyle, depsGroup, fail, printLines, styleOf, tellNotes, type StyleOptions } from './group.ts'

interface RequiresOptions extends StyleOptions {
  readonly symvers: readonly string[]
  readonly whitelist?: string
}

const example = `
Give all modules of the package: symbols that they provide to each other are treated differently.

Examples:
  kabi-gate deps requires drivers/*.ko --symvers /usr/src/kernels/$(uname -r)/Module.symvers
  kabi-gate deps requires ipw3945.ko --symvers Module.kabi_x86_64 --whitelist kabi_whitelist_x86_64     (RHEL 5)`

/** `deps requires`: what a package of kernel modules requires. */
export const depsRequiresCommand: CliCommand = {
  define: (program) =>
    addStyle(
      depsGroup(program)
        .command('requires')
        .summary('print what a package of modules requires')
        .description(
          'Print the symbols that a package of kernel modules requires, as the distribution’s dependency generator does.',
        )
        .argument('<ko...>', 'modules of the package, plain or compressed (.gz, .xz, .zst)')
        .requiredOption(
          '--symvers <file>',
          'the Module.symvers of the kernel they were built for; repeatable, for those of out-of-tree modules',
          gather,
        )
        .option('--whitelist <file>', 'require the groups of this list, as RHEL 5 does'),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<RequiresOptions>()
    const { symvers, whitelist } = options
    const style = styleOf(options)
    const path = (file: string) => resolve(terminal.cwd, file)
    if (whitelist !== undefined && style.generator === 'suse') {
      throw new UsageError('--whitelist is about the groups of RHEL 5, and --generator suse has none')
    }
    const exports = await readTables(symvers.map(path))
    const modules = await readModules(command.args.map(path))
    const rows = whitelist === undefined ? undefined : await readRows(path(whitelist))
    const problems = [...exports.problems, ...modules.problems, ...(rows?.problems ?? [])].filter(isError)
    if (problems.length > 0) return fail(problems, terminal)
    if (!rows) {
      printLines(requiresOf(modules.value, exports.value, style), terminal)
      tellNotes(exports.problems, terminal)
      return 0
    }
    const groups = symbolGroups(rows.value, exports.value.kernel)
    if (groups.problems.length > 0) return fail(groups.problems, terminal)
    printLines(groupRequires(modules.value, groups.value), terminal)
    tellNotes(exports.problems, terminal)
    return 0
  },
}
