import { randomUUID } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { error, notice, summary, warning } from '@actions/core'
import { makeFolder } from '../io/make-folder.ts'
import { realPath } from '../io/real-path.ts'
import { writeFileSafely } from '../io/write-file.ts'
import type { Verdict } from '../judge/verdict.ts'
import { annotations, type Annotation } from '../report/annotations/annotations.ts'
import { renderAudit, type AuditedRun } from '../report/audit.ts'
import { markdownText } from '../report/escape.ts'
import { renderHtml } from '../report/html/render-html.ts'
import { renderJson } from '../report/json/render-json.ts'
import { renderMarkdown } from '../report/markdown/render-markdown.ts'
import { renderSarif } from '../report/sarif/render-sarif.ts'
import { renderText } from '../report/text/render-text.ts'
import type { Commented } from './comment.ts'
import { setOutputs, verdictOutputs } from './outputs.ts'
import { placeInRepository } from './place-in-repository.ts'

/** GitHub drops a job summary above 1 MiB as a whole. */
export const summaryBytes = 1_000_000

/** Where a verdict is to be said. */
interface Delivery {
  readonly reportDir: string
  /** The top of the checkout, which the forge names files from. */
  readonly repository: string
  readonly run: Omit<AuditedRun, 'at'>
  /** Writes the comment on the pull request. */
  readonly publish: () => Promise<Commented>
}

/**
 * Says the verdict everywhere GitHub shows it: outputs, log, annotations, report files, comment, job summary. A place
 * that cannot be reached is warned about; the verdict stands.
 * @returns false when a file of this machine could not be written: a report, the record or the summary
 */
export async function deliver(
  verdict: Verdict,
  { reportDir, repository, run, publish }: Delivery,
): Promise<boolean> {
  const { lostHere, delivered } = watchLosses()
  setOutputs(verdictOutputs(verdict))
  const text = renderText(verdict, { color: false })
  const markdown = renderMarkdown(verdict, { maxBytes: summaryBytes })
  printFenced(text)
  const root = await realPath(repository)
  for (const annotation of annotations(verdict)) annotate(annotation, repository, root)
  await writeReports(
    reportDir,
    [
      ['report-text', 'report.txt', text],
      ['report-markdown', 'report.md', markdown],
      ['report-json', 'report.json', renderJson(verdict)],
      ['report-html', 'report.html', renderHtml(verdict)],
      ['report-sarif', 'report.sarif', renderSarif(verdict, { roots: [repository, root] })],
    ],
    lostHere,
  )
  const line = renderAudit(verdict, { ...run, at: new Date().toISOString() })
  if (line !== '') await addLine(join(reportDir, 'audit.jsonl'), line, lostHere)
  const commented = await publish().catch((cause: unknown): Commented => ({
    kind: 'not-written',
    why: String(cause),
  }))
  if (commented.kind === 'done') setOutputs({ 'comment-url': commented.url })
  else lost('The comment on the pull request', commented.why)
  await writeSummary(
    commented.kind === 'done' ? markdown : `${markdown}\n${notCommented(commented.why)}\n`,
    lostHere,
  )
  return delivered()
}

type Lost = typeof lost

/** Tells of what could not be written on this machine, and whether everything was. */
export function watchLosses(): { readonly lostHere: Lost; readonly delivered: () => boolean } {
  let delivered = true
  return {
    lostHere: (place, why) => {
      delivered = false
      lost(place, why)
    },
    delivered: () => delivered,
  }
}

/** Writes report files and sets the output of each; what could not be written is told. */
export async function writeReports(
  folder: string,
  files: readonly (readonly [output: string, name: string, content: string])[],
  lostHere: Lost,
): Promise<void> {
  for (const [output, name, content] of files) {
    const path = join(folder, name)
    const problem = await writeFileSafely(path, content)
    if (problem) lostHere(path, problem.message)
    else setOutputs({ [output]: path })
  }
}

/** Adds to the summary of the job. */
export async function writeSummary(markdown: string, lostHere: Lost): Promise<void> {
  await summary
    .addRaw(markdown)
    .write()
    .catch((cause: unknown) => lostHere('job summary', String(cause)))
}

function notCommented(why: string): string {
  return `The pull request has no comment of this verdict: ${markdownText(why, 500)}.`
}

/** Lines are only ever added: a folder that outlives the run keeps those of earlier ones. */
export async function addLine(path: string, line: string, lostHere: Lost): Promise<void> {
  await makeFolder(dirname(path))
    .then(() => appendFile(path, line))
    .catch((cause: unknown) => lostHere(path, String(cause)))
}

/** The report quotes compiler output and file names; between the marks the runner takes no commands from it. */
export function printFenced(text: string): void {
  const mark = randomUUID()
  process.stdout.write(`::stop-commands::${mark}\n${text}\n::${mark}::\n`)
}

const byLevel = { error, warning, notice } as const

/**
 * Shows an annotation, at its file where that lies in the repository.
 * @param root the same without symbolic links, as the verdict names kernel trees */
export function annotate(annotation: Annotation, repository: string, root: string): void {
  const { level, title, message } = annotation
  byLevel[level](message, { title, ...placeInRepository(annotation, repository, root) })
}

/** Warns of a place that could not be written. */
function lost(place: string, why: string): void {
  warning(`${place} was not written: ${why}`, { title: 'kabi-gate: a report could not be delivered' })
}
