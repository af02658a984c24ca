import { extname, resolve } from 'node:path'
import type { Command } from 'commander'
import { errorVerdict } from '../../../judge/decide.ts'
import { exitCode } from '../../../judge/exit-code.ts'
import { unwritable, writeFileSafely } from '../../../io/write-file.ts'
import type { Problem } from '../../../problem/problem.ts'
import { renderProblems } from '../../../report/text/problem-blocks.ts'
import { allLoad, type LoadMatrix } from '../../../vendor/kernels/load-matrix.ts'
import { renderLoadErrorJson, renderLoadMatrixJson } from '../../../vendor/report/load-matrix-json.ts'
import { renderLoadMatrixText } from '../../../vendor/report/load-matrix-text.ts'
import { tool } from '../../../version.ts'
import { releaseOf, type ReleaseOption } from '../../release-option.ts'
import { gather } from '../../report-options.ts'
import { textLayout, type Terminal } from '../../terminal.ts'
import { UsageError } from '../../usage-error.ts'

export const kernelsFormats = ['text', 'json', 'html'] as const

export type KernelsFormat = (typeof kernelsFormats)[number]

/** How a command line asks on which kernels drivers load. */
export interface KernelsOptions {
  readonly kernels: readonly string[]
  readonly output: readonly string[]
}

/** Adds the options to a command. */
export function addKernelsOptions(command: Command): Command {
  return command
    .option(
      '--kernels <path>',
      'check on which kernels the drivers load: a folder such as /lib/modules, a package of a kernel or of its headers (.rpm, .deb), ' +
        'a Module.symvers, a whitelist with checksums, or a text with one such path a line; repeatable',
      gather,
      [],
    )
    .option(
      '-o, --output <file>',
      'with --kernels, also write the report to a file: .txt, .json or .html; repeatable',
      gather,
      [],
    )
}

const formatBySuffix: Readonly<Record<string, KernelsFormat>> = {
  '.txt': 'text',
  '.json': 'json',
  '.html': 'html',
}

/**
 * Tells on which kernels drivers load, on standard output and in the files asked for.
 * @throws UsageError for a file whose format its name does not tell
 */
export async function checkOnKernels(
  drivers: readonly string[],
  { kernels, output, release }: KernelsOptions & ReleaseOption,
  format: KernelsFormat,
  terminal: Terminal,
): Promise<number> {
  const { checkKernels } = await import('../../../vendor/kernels/check-kernels.ts')
  const files = output.map((file) => ({ path: resolve(terminal.cwd, file), format: formatOf(file) }))
  const distribution = releaseOf({ release })
  const path = (file: string) => resolve(terminal.cwd, file)
  const lost = await firstProblem(files.map((file) => unwritable(file.path)))
  const { value, problems } = lost
    ? { value: undefined, problems: [lost] }
    : await checkKernels({ kernels: kernels.map(path), drivers: drivers.map(path), distribution })
  const write: Writers = value ? writersOf(fromHere(value, terminal.cwd), problems) : errorWriters(problems)
  const plain = { color: false, width: 100 }
  const unwritten = lost
    ? undefined
    : await firstProblem(
        files.map(async (file) => writeFileSafely(file.path, await write[file.format](plain))),
      )
  terminal.stdout.write(await write[format](textLayout(terminal.stdout, terminal.env)))
  if (unwritten) terminal.stderr.write(renderProblems([unwritten], textLayout(terminal.stderr, terminal.env)))
  if (!value || unwritten) {
    const failed = [...problems, ...(unwritten ? [unwritten] : [])]
    return exitCode(errorVerdict(tool, failed, undefined))
  }
  return allLoad(value) ? 0 : 1
}

/** The same with the files of kernels as somebody names them who works in that folder. */
function fromHere(matrix: LoadMatrix, folder: string): LoadMatrix {
  const shown = (file: string) => (file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file)
  const columns = matrix.columns.map((column) => {
    const { kernel } = column
    return { ...column, kernel: { ...kernel, file: shown(kernel.file) } }
  })
  return { ...matrix, columns }
}

function formatOf(file: string): KernelsFormat {
  const format = formatBySuffix[extname(file)]
  if (format) return format
  throw new UsageError(
    `--output ${file}: the format cannot be told from the name`,
    'Use a name that ends in .txt, .json or .html.',
  )
}

async function firstProblem(results: readonly Promise<Problem | undefined>[]): Promise<Problem | undefined> {
  return (await Promise.all(results)).find((problem) => problem !== undefined)
}

type TextOptions = ReturnType<typeof textLayout>

type Writers = Readonly<Record<KernelsFormat, (layout: TextOptions) => string | Promise<string>>>

function writersOf(matrix: LoadMatrix, problems: readonly Problem[]): Writers {
  return {
    text: (layout) =>
      renderLoadMatrixText(matrix, layout) +
      (problems.length > 0 ? '\n' + renderProblems(problems, layout) : ''),
    json: () => renderLoadMatrixJson(matrix, problems, tool),
    html: async () =>
      (await import('../../../vendor/report/load-matrix-html.ts')).renderLoadMatrixHtml(
        matrix,
        problems,
        tool.version,
      ),
  }
}

function errorWriters(problems: readonly Problem[]): Writers {
  return {
    text: (layout) => renderProblems(problems, layout),
    json: () => renderLoadErrorJson(problems, tool),
    html: async () =>
      (await import('../../../vendor/report/load-matrix-html.ts')).renderLoadErrorHtml(
        problems,
        tool.version,
      ),
  }
}
