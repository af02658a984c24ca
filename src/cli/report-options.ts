import { appendFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { Option, type Command } from 'commander'
import { fileProblem } from '../io/file-problem.ts'
import { isError } from '../problem/problem.ts'
import { exitCode } from '../judge/exit-code.ts'
import { acceptOverride } from '../judge/override.ts'
import type { Override, Verdict } from '../judge/verdict.ts'
import { renderAudit } from '../report/audit.ts'
import { deliver, formats, outputRequest, type Format, type OutputRequest } from './output.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** The options that every judging command has, as the command line gives them. */
export interface ReportOptions {
  readonly format?: Format
  readonly json?: boolean
  readonly output: readonly string[]
  readonly disableKabiCheck?: boolean
  readonly reason?: string
}

/** What these options ask for. */
interface ReportRequest {
  readonly output: OutputRequest
  readonly override: Override | undefined
}

/** Adds the options to a command. */
export function addReportOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--format <form>',
        'format of the report on standard output; details is text with everything, names is the broken symbols, one per line',
      ).choices(formats),
    )
    .option('--json', 'same as --format json')
    .option(
      '--output <file>',
      'also write a report to a file; the format is that of .txt, .json, .md, .html, .sarif or .xml (JUnit), or of gl-code-quality*.json (GitLab), or FORMAT=FILE; repeatable',
      gather,
      [],
    )
    .option('--disable-kabi-check', 'compare and report everything, but exit with 0 on a break')
    .option('--reason <text>', 'why the check is disabled, at least ten characters; every report shows it')
}

/** Gathers the values of a repeatable option. */
export function gather(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

/** @throws UsageError when the options contradict each other or the disable flag lacks its reason. */
export function reportRequest(options: ReportOptions): ReportRequest {
  if (options.json && options.format !== undefined && options.format !== 'json') {
    throw new UsageError(`--json contradicts --format ${options.format}`)
  }
  const override = acceptOverride({
    disable: options.disableKabiCheck ?? false,
    reason: options.reason ?? '',
    by: localUser(),
  })
  const refused = override.problems.find(isError)
  if (refused) throw new UsageError(refused.message, refused.advice)
  const format = options.json ? 'json' : (options.format ?? 'text')
  return { output: outputRequest(format, options.output, formats), override: override.value }
}

/** Delivers the reports and gives the exit code; a pass whose report file was lost is no clean pass. */
export async function conclude(verdict: Verdict, output: OutputRequest, terminal: Terminal): Promise<number> {
  const delivered = await deliver(verdict, output, terminal)
  const recorded = await record(verdict, output, terminal)
  return exitCode(verdict) || (delivered && recorded ? 0 : 3)
}

/**
 * Adds the line about an excused break to `audit.jsonl` in the folder of each report file; without one, it goes to standard error.
 * @returns false when it could not be written
 */
async function record(verdict: Verdict, { files }: OutputRequest, { stderr }: Terminal): Promise<boolean> {
  const run = { actor: localUser(), url: '', repository: '', commit: '', at: new Date().toISOString() }
  const line = renderAudit(verdict, run)
  if (line === '') return true
  if (files.length === 0) stderr.write(`audit: ${line}`)
  let recorded = true
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
    const path = join(folder, 'audit.jsonl')
    try {
      await appendFile(path, line)
    } catch (error) {
      recorded = false
      stderr.write(
        `error: the audit line was not written: ${fileProblem('unwritable', path, error).message}\n`,
      )
    }
  }
  return recorded
}

function localUser(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a user id that its password file does not know.
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
