import { lstat, rm } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { Problem } from '../problem/problem.ts'
import { unwritable, writeFileSafely } from '../io/write-file.ts'
import type { Verdict } from '../judge/verdict.ts'
import { renderProblems } from '../report/text/problem-blocks.ts'
import { renderText, type TextOptions } from '../report/text/render-text.ts'
import { textLayout, type Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export const formats = [
  'text',
  'json',
  'markdown',
  'html',
  'sarif',
  'gl-code-quality',
  'junit',
  'details',
  'names',
  'changelog',
] as const

export type Format = (typeof formats)[number]

/** What to print on standard output, and which files to write beside it. */
export interface OutputRequest<F extends Format = Format> {
  /** Absent: nothing is printed. */
  readonly format: F | undefined
  readonly files: readonly { readonly format: F; readonly path: string }[]
}

/** A report file longer than this is cut with counts; GitHub drops a job summary above 1 MiB. */
export const markdownBytes = 1_000_000

const formatBySuffix: Readonly<Record<string, Format>> = {
  '.txt': 'text',
  '.json': 'json',
  '.md': 'markdown',
  '.html': 'html',
  '.sarif': 'sarif',
  '.xml': 'junit',
}

/** What GitLab's documentation calls the file: `gl-code-quality-report.json`. */
const codeQualityName = /^gl-code-quality[\w.-]*\.json$/

/**
 * Reads the values of `--output`: `FORMAT=FILE`, or a file whose suffix tells the format.
 * @param known the formats that the command has
 * @throws UsageError when the format cannot be told, or is none of these.
 */
export function outputRequest<F extends Format>(
  format: F | undefined,
  outputs: readonly string[],
  known: readonly F[],
): OutputRequest<F> {
  return { format, files: outputs.map((output) => parseOutput(output, known)) }
}

function parseOutput<F extends Format>(
  output: string,
  known: readonly F[],
): OutputRequest<F>['files'][number] {
  const [prefix = '', ...rest] = output.split('=')
  const named = known.find((format) => format === prefix)
  if (named && rest.length > 0) return { format: named, path: nonEmpty(rest.join('='), output) }
  const told = codeQualityName.test(basename(output)) ? 'gl-code-quality' : formatBySuffix[extname(output)]
  const format = known.find((one) => one === told)
  if (format) return { format, path: output }
  const suffixes = Object.keys(formatBySuffix).filter((suffix) =>
    known.some((one) => one === formatBySuffix[suffix]),
  )
  throw new UsageError(
    `--output ${output}: the format cannot be told from the name`,
    `Use a name that ends in ${suffixes.slice(0, -1).join(', ')} or ${suffixes.at(-1) ?? ''}, or write FORMAT=FILE with one of ${known.join(', ')}.`,
  )
}

function nonEmpty(path: string, output: string): string {
  if (path !== '') return path
  throw new UsageError(`--output ${output}: the file name is missing`)
}

/** A report that could not be written, which was noticed before the work. */
export class LostOutput extends Error {
  readonly text: string
  constructor(format: Format, problem: Problem) {
    super(problem.message)
    this.text = notWritten(format, problem)
  }
}

/**
 * Makes sure, as far as that can be known, that the report files can be written, so that the work is not done in vain.
 * @throws LostOutput
 */
export async function prepareOutput({ files }: OutputRequest): Promise<void> {
  for (const { format, path } of files) {
    const problem = await unwritable(path)
    if (problem) throw new LostOutput(format, problem)
  }
}

/** The line about a report file that could not be written. */
export function notWritten(format: Format, { message }: Problem): string {
  return `error: the ${format} report was not written: ${message}\n`
}

/**
 * Writes the report files, then prints the report on standard output.
 * @returns false when a file could not be written; standard error says which and why.
 */
export async function deliver(
  verdict: Verdict,
  request: OutputRequest,
  terminal: Terminal,
): Promise<boolean> {
  let delivered = true
  const roots = [terminal.cwd]
  for (const { format, path } of request.files) {
    const problem = isUnknown(verdict, format)
      ? await withoutNames(path)
      : await writeFileSafely(path, await writers[format](verdict, { text: { color: false }, roots }))
    if (!problem) continue
    delivered = false
    terminal.stderr.write(notWritten(format, problem))
  }
  if (request.format === undefined) return delivered
  if (isUnknown(verdict, request.format))
    terminal.stderr.write(renderProblems(verdict.problems, textLayout(terminal.stderr, terminal.env)))
  const text = textLayout(terminal.stdout, terminal.env)
  terminal.stdout.write(await writers[request.format](verdict, { text, roots }))
  return delivered
}

/** An empty list of names would read as a kernel in which nothing broke. */
function isUnknown({ result }: Verdict, format: Format): boolean {
  return format === 'names' && result === 'error'
}

/** A list of an earlier run would read as that of this one. */
async function withoutNames(path: string): Promise<Problem> {
  const found = await lstat(path).catch(() => undefined)
  if (found?.isFile()) await rm(path)
  return { kind: 'unwritable', message: 'the run ended in an error, so nobody knows which symbols break.' }
}

/** What writers need besides the verdict. */
interface WriterOptions {
  readonly text: TextOptions
  /** Folders that the paths of a machine's report are relative to. */
  readonly roots: readonly string[]
}

/** The writer of each format, loaded when it is asked for. */
const writers: Readonly<
  Record<Format, (verdict: Verdict, options: WriterOptions) => string | Promise<string>>
> = {
  text: (verdict, { text }) => renderText(verdict, text),
  details: (verdict, { text }) => renderText(verdict, { ...text, details: true }),
  names: async (verdict) => (await import('../report/names.ts')).renderNames(verdict),
  changelog: async (verdict) => (await import('../report/changelog.ts')).renderChangelog(verdict),
  json: async (verdict) => (await import('../report/json/render-json.ts')).renderJson(verdict),
  markdown: async (verdict) =>
    (await import('../report/markdown/render-markdown.ts')).renderMarkdown(verdict, {
      maxBytes: markdownBytes,
    }),
  html: async (verdict) => (await import('../report/html/render-html.ts')).renderHtml(verdict),
  sarif: async (verdict, { roots }) =>
    (await import('../report/sarif/render-sarif.ts')).renderSarif(verdict, { roots }),
  'gl-code-quality': async (verdict, { roots }) =>
    (await import('../report/gitlab/render-code-quality.ts')).renderCodeQuality(verdict, { roots }),
  junit: async (verdict) => (await import('../report/junit/render-junit.ts')).renderJunit(verdict),
}
