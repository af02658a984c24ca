import { resolve } from 'node:path'
import { isError, type Problem } from '../../../problem/problem.ts'
import { scrubbedEnvironment } from '../../../processes/scrubbed-environment.ts'
import { readDiskPackages } from '../../../vendor/disk/disk-packages.ts'
import { judgeDisk, type DiskVerdict } from '../../../vendor/disk/judge-disk.ts'
import { diskLabel, makeDisk } from '../../../vendor/disk/make-disk.ts'
import { readDiskKernels } from '../../../vendor/disk/read-kernels.ts'
import { tool } from '../../../version.ts'
import type { CliCommand } from '../../cli-command.ts'
import { diskArch, diskDate, diskReleases, diskSymvers, diskTitle } from '../../disk-options.ts'
import { renderDisk } from '../../disk-text.ts'
import { gather } from '../../report-options.ts'
import { textLayout } from '../../terminal.ts'
import { UsageError } from '../../usage-error.ts'
import {
  addWhitelistOutput,
  concludeProblems,
  whitelistFormat,
  type WhitelistOutputOptions,
} from '../../whitelist-output.ts'
import { tellNotes } from '../deps/group.ts'
import { printJson } from '../../../report/json/print-json.ts'

interface MakeOptions extends WhitelistOutputOptions {
  readonly rpm: readonly string[]
  readonly for: string
  readonly arch: string
  readonly symvers: readonly string[]
  readonly root: string
  readonly title?: string
  readonly output: string
}

const example = `
Refuses packages that the installer would pass over, and those that would not install or load on one of the kernels; then no file is
written. Needs createrepo_c and xorriso. The same packages give the same image; SOURCE_DATE_EPOCH sets its date.

Examples:
  kabi-gate disk make --rpm kmod-e1000e-*.rpm --for 5.14.0-70.el9.x86_64 --arch x86_64 -o dd.iso
  kabi-gate disk make --rpm kmod-*.rpm --for 6.1.0-1,6.1.0-2 --symvers 6.1.0-1=a/Module.symvers --symvers 6.1.0-2=b/Module.symvers \\
    --arch x86_64 --title "Drivers for the storage of Example" -o dd.iso`

/** `disk make`: a driver update disk of packages that the installer takes and that load. */
export const diskMakeCommand: CliCommand = {
  define: (program) =>
    addWhitelistOutput(
      program
        .command('disk')
        .summary('driver update disks for installers')
        .description('Make driver update disks, as the installer of RHEL and Fedora takes them.')
        .command('make')
        .summary('make a driver update disk of packages')
        .description(
          'Make a driver update disk: an ISO 9660 image with packages of kernel modules that the installer takes and that load on its kernel.',
        )
        .requiredOption('--rpm <file...>', 'the packages')
        .requiredOption(
          '--for <releases>',
          'the kernels of the installers, as uname -r says, separated by commas',
        )
        .requiredOption('--arch <name>', 'their architecture, as uname -m says')
        .option(
          '--symvers <[release=]file>',
          'the Module.symvers of one of the kernels; repeatable, also for those of out-of-tree modules (default: the one installed)',
          gather,
          [],
        )
        .option('--root <folder>', 'look for the installed ones in this folder', '/')
        .option('--title <text>', 'what the installer shows of the disk (default: the names of the packages)')
        .requiredOption('-o, --output <file>', 'the image to write, .iso'),
    ).addHelpText('after', example),

  run: async (command, terminal) => {
    const options = command.opts<MakeOptions>()
    const format = whitelistFormat(options)
    const path = (file: string) => resolve(terminal.cwd, file)
    const fail = (problems: readonly Problem[]) =>
      concludeProblems(problems, { ...terminal, stdout: terminal.stderr })
    const arch = diskArch(options.arch)
    const releases = diskReleases(options.for, arch)
    const symvers = diskSymvers(options.symvers, releases)
    // Installers know an image by this name.
    if (!options.output.endsWith('.iso')) throw new UsageError('--output has to end in .iso')
    const kernels = await readDiskKernels({
      releases,
      arch,
      root: path(options.root),
      symvers,
      cwd: terminal.cwd,
    })
    const packages = await readDiskPackages(options.rpm.map(path), arch)
    const title = diskTitle(options.title, packages.value)
    const date = diskDate(terminal.env['SOURCE_DATE_EPOCH'], packages.value)
    const problems = [...kernels.problems, ...packages.problems]
    if (problems.some(isError)) return fail(problems.filter(isError))
    const opened = packages.value.map((one) => one.opened)
    const verdict = judgeDisk(opened, arch, kernels.value)
    if (verdict.refusals.length === 0) {
      const session = { env: scrubbedEnvironment(terminal.env), signal: terminal.signal }
      const order = { output: path(options.output), title, arch, date }
      const failed = await makeDisk({ ...order, packages: packages.value, kernels: kernels.value }, session)
      if (failed.length > 0) return fail(failed)
    }
    const about = { output: options.output, arch, packages: opened.length }
    if (format === 'json') terminal.stdout.write(json(verdict, { ...about, title, date }))
    else terminal.stdout.write(renderDisk(verdict, about, textLayout(terminal.stdout, terminal.env)))
    tellNotes(problems, terminal)
    return verdict.refusals.length > 0 ? 1 : 0
  },
}

function json(verdict: DiskVerdict, about: Readonly<Record<string, string | number>>): string {
  const result = verdict.refusals.length > 0 ? 'refused' : 'made'
  return printJson({ tool, result, label: diskLabel, ...about, ...verdict })
}
