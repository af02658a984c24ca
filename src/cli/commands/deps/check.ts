import { resolve } from 'node:path'
import { isError } from '../../../problem/problem.ts'
import { readRows, readTables } from '../../../baseline/read-whitelist.ts'
import { checkDeps, type TargetCheck } from '../../../vendor/deps/check-deps.ts'
import { symbolGroups } from '../../../vendor/deps/symbol-groups.ts'
import { tool } from '../../../version.ts'
import type { CliCommand } from '../../cli-command.ts'
import { depsTotals, renderDeps } from '../../deps-text.ts'
import { gather } from '../../report-options.ts'
import { textLayout } from '../../terminal.ts'
import { addWhitelistOutput, whitelistFormat, type WhitelistOutputOptions } from '../../whitelist-output.ts'
import { depsGroup, fail, tellNotes } from './group.ts'
import { printJson } from '../../../report/json/print-json.ts'

interface CheckOptions extends WhitelistOutputOptions {
  readonly symvers: readonly string[]
  readonly whitelist?: string
  readonly arch?: string
}

const example = `
Packages given together are taken as installed together: one may provide what another requires.
A driver disk has a file rhdd3 at its top and packages in rpms/<arch>/; it is an ISO 9660 image or a folder.

Examples:
  kabi-gate deps check kmod-*.rpm --symvers Module.symvers
  kabi-gate deps check dd-e1000e.iso --symvers Module.symvers --arch x86_64`

/** `deps check`: would packages and driver disks still install and load on a kernel. */
export const depsCheckCommand: CliCommand = {
  define: (program) =>
    addWhitelistOutput(
      depsGroup(program)
        .command('check')
        .summary('check whether packages and driver disks would install on a kernel')
        .description(
          'Check whether packages with kernel modules would install on a kernel, and whether their modules would load. Does not need rpm.',
        )
        .argument('<package...>', '.rpm files, driver disks as .iso files or folders')
        .requiredOption(
          '--symvers <file>',
          'the Module.symvers of the kernel; repeatable, for those of out-of-tree modules',
          gather,
        )
        .option('--whitelist <file>', 'the list with the kernel’s groups, for packages of RHEL 5')
        .option('--arch <name>', 'the folder below rpms/ to check, if the driver disk has several'),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<CheckOptions>()
    const format = whitelistFormat(options)
    const path = (file: string) => resolve(terminal.cwd, file)
    const symvers = await readTables(options.symvers.map(path))
    const rows = options.whitelist === undefined ? undefined : await readRows(path(options.whitelist))
    const listed = [...symvers.problems, ...(rows?.problems ?? [])].filter(isError)
    if (listed.length > 0) return fail(listed, terminal)
    const groups = rows && symbolGroups(rows.value, symvers.value.kernel)
    if (groups && groups.problems.length > 0) return fail(groups.problems, terminal)
    const paths = command.args.map(path)
    const { value: checked, problems } = await checkDeps({
      paths,
      tables: symvers.value,
      groups: groups?.value.map(({ line }) => line),
      arch: options.arch,
    })
    if (problems.some(isError)) return fail(problems, terminal)
    const targets = checked.map((one) => named(one, command.args[paths.indexOf(one.file)] ?? one.file))
    const broken = depsTotals(targets).failing > 0
    if (format === 'json') {
      const report = { tool, result: broken ? 'break' : 'pass', symvers: options.symvers.join(', '), targets }
      terminal.stdout.write(printJson(report))
    } else {
      const layout = textLayout(terminal.stdout, terminal.env)
      terminal.stdout.write(renderDeps(targets, options.symvers.join(', '), layout))
    }
    tellNotes(symvers.problems, terminal)
    return broken ? 1 : 0
  },
}

/** The same with the file as it was typed. */
function named(target: TargetCheck, name: string): TargetCheck {
  const packages = target.packages.map((one) => (one.file === target.file ? { ...one, file: name } : one))
  return { ...target, file: name, packages }
}
