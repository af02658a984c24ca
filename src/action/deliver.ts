import { randomUUID } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { error, notice, summary, warning } from '@actions/core'
import { writeFileSafely } from '../io/write-file.ts'
import type { Verdict } from '../judge/verdict.ts'
import { annotations, type Annotation } from '../report/annotations.ts'
import { renderHtml } from '../report/html.ts'
import { renderJson } from '../report/json.ts'
import { renderMarkdown } from '../report/markdown.ts'
import { renderText } from '../report/text.ts'
import { setOutputs, verdictOutputs } from './outputs.ts'
import { placeInWorkspace } from './place-in-workspace.ts'

/** GitHub drops a job summary above 1 MiB as a whole. */
const summaryBytes = 1_000_000

/**
 * Says the verdict everywhere GitHub shows it: outputs, log, annotations, job summary, report files. A place that cannot
 * be reached is warned about; the verdict stands.
 */
export async function deliver(verdict: Verdict, reportDir: string, workspace: string): Promise<void> {
  setOutputs(verdictOutputs(verdict))
  const text = renderText(verdict, { color: false })
  const markdown = renderMarkdown(verdict, { maxBytes: summaryBytes })
  printFenced(text)
  const root = await realpath(workspace).catch(() => workspace)
  for (const annotation of annotations(verdict)) annotate(annotation, workspace, root)
  await summary
    .addRaw(markdown)
    .write()
    .catch((cause: unknown) => lost('job summary', String(cause)))
  const files = [
    ['report-text', 'report.txt', text],
    ['report-markdown', 'report.md', markdown],
    ['report-json', 'report.json', renderJson(verdict)],
    ['report-html', 'report.html', renderHtml(verdict)],
  ] as const
  for (const [output, name, content] of files) {
    const path = join(reportDir, name)
    const problem = await writeFileSafely(path, content)
    if (problem) lost(path, problem.message)
    else setOutputs({ [output]: path })
  }
}

/** The report quotes compiler output and file names; between the marks the runner takes no commands from it. */
function printFenced(text: string): void {
  const mark = randomUUID()
  process.stdout.write(`::stop-commands::${mark}\n${text}\n::${mark}::\n`)
}

const byLevel = { error, warning, notice } as const

/** @param root the workspace without symbolic links, as the verdict names kernel trees */
function annotate(annotation: Annotation, workspace: string, root: string): void {
  const { level, title, message } = annotation
  byLevel[level](message, { title, ...placeInWorkspace(annotation, workspace, root) })
}

function lost(place: string, why: string): void {
  warning(`${place} was not written: ${why}`, { title: 'kabi-gate: a report could not be delivered' })
}
