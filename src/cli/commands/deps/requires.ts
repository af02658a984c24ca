import { resolve } from 'node:path'
import type { JoinedTables } from '../../../abi/join-tables.ts'
import type { KernelModule } from '../../../module/kernel-module.ts'
import { isError, type Read } from '../../../problem/problem.ts'
import { readRows, readTables } from '../../../baseline/read-whitelist.ts'
import { findSymvers } from '../../../vendor/deps/find-symvers.ts'
import { readExports } from '../../../vendor/deps/read-exports.ts'
import { groupRequires, requiresOf, withModules } from '../../../vendor/deps/requires.ts'
import { symbolGroups } from '../../../vendor/deps/symbol-groups.ts'
import { readModules } from '../../../module/read-modules.ts'
import type { CliCommand } from '../../cli-command.ts'
import { gather } from '../../report-options.ts'
import { UsageError } from '../../usage-error.ts'
import { addStyle, depsGroup, fail, printLines, styleOf, tellNotes, type StyleOptions } from './group.ts'

interface RequiresOptions extends StyleOptions {
  readonly symvers: readonly string[]
  readonly root: string
  readonly beside: readonly string[]
  readonly whitelist?: string
}

const example = `
Give all modules of the package: symbols that they provide to each other are treated differently. Who is asked about one module at a
time, as rpm does, names the others with --beside.

Examples:
  kabi-gate deps requires drivers/*.ko                                (with the Module.symvers of the kernel in their vermagic)
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
        .option(
          '--symvers <file>',
          'the Module.symvers of the kernel they were built for; repeatable, for those of out-of-tree modules (default: the one installed for the release in their vermagic)',
          gather,
          [],
        )
        .option('--root <folder>', 'look for that one in this folder', '/')
        .option(
          '--beside <ko>',
          'a module of the same package that is not asked about: what it exports is ksym(); repeatable',
          gather,
          [],
        )
        .option('--whitelist <file>', 'require the groups of this list, as RHEL 5 does'),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<RequiresOptions>()
    const { whitelist } = options
    const style = styleOf(options)
    const path = (file: string) => resolve(terminal.cwd, file)
    if (whitelist !== undefined && style.generator === 'suse') {
      throw new UsageError('--whitelist is about the groups of RHEL 5, and --generator suse has none')
    }
    const modules = await readModules(command.args.map(path))
    const exports = await readSymvers(modules.value, options, path)
    const beside = await readExports(options.beside.map(path))
    const rows = whitelist === undefined ? undefined : await readRows(path(whitelist))
    const read = [modules, exports, beside, rows ?? { problems: [] }]
    const problems = read.flatMap((one) => one.problems).filter(isError)
    if (problems.length > 0) return fail(problems, terminal)
    if (!rows) {
      const tables = withModules(exports.value, beside.value)
      printLines(requiresOf(modules.value, tables, style), terminal)
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

/** Reads the tables that were named, or else the one of the kernel that the modules were built for. */
async function readSymvers(
  modules: readonly KernelModule[],
  { symvers, root }: RequiresOptions,
  path: (file: string) => string,
): Promise<Read<JoinedTables>> {
  if (symvers.length > 0) return readTables(symvers.map(path))
  const { value, problems } = await findSymvers(modules, path(root))
  return value === undefined ? { value: { file: '', kernel: [], beside: [] }, problems } : readTables([value])
}
