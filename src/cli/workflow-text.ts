import { printable } from '../report/escape.ts'
import { joinBlocks, labelled, layoutOf, type Layout } from '../report/text/text-layout.ts'
import type { PlacedFault, WorkflowAudit } from '../workflow/audit-workflows.ts'
import { ruleTexts } from '../workflow/workflow-fault.ts'

/** The result of `doctor --workflow` for a terminal: each fault with its line and the lines that would be right. */
export function renderAudits(
  audits: readonly WorkflowAudit[],
  options: { readonly color: boolean; readonly width?: number },
): string {
  const layout = layoutOf(options)
  const count = audits.reduce((sum, { faults }) => sum + faults.length, 0)
  return joinBlocks([
    ...audits.flatMap(({ file, faults }) => [
      ...faults.map((fault) => faultBlock(file, fault, layout)),
      ...(faults.length === 0 ? [[`${printable(file)}: ${layout.paint.green('nothing is wrong')}`]] : []),
    ]),
    count === 0
      ? []
      : [`${count} ${count === 1 ? 'thing is' : 'things are'} wrong; correct and run this again.`],
  ])
}

function faultBlock(file: string, fault: PlacedFault, layout: Layout): string[] {
  const { rule, message, line, column, excerpt, corrected } = fault
  const { title, why } = ruleTexts[rule]
  const { paint } = layout
  return [
    `${paint.red(`error[${rule}]`)}${paint.bold(`: ${title}`)}`,
    `  ${paint.blue('-->')} ${printable(file)}:${line}:${column}`,
    ...excerpt.map((text) => `    ${text}`),
    ...labelled('note', `${message} ${why}`, layout),
    `  ${paint.blue('= corrected:')}`,
    ...corrected.map((text) => `      ${printable(text, 400)}`),
  ]
}
