import type { Problem, Read } from '../problem/problem.ts'
import type { SettingPath } from '../config/config-fault.ts'
import { readYaml } from '../config/read-yaml.ts'
import { configSource, placedProblem, type ConfigSource, type Range } from '../config/source-excerpt.ts'
import type { YamlContent } from '../config/yaml-content.ts'
import { checkFaults, sameNameFaults, type NamedWorkflow } from './check-rules.ts'
import { permissionFaults } from './permission-rules.ts'
import { trustFaults } from './trust-rules.ts'
import { workflowOf } from './workflow.ts'
import type { WorkflowFault } from './workflow-fault.ts'

/** A workflow file. */
export interface WorkflowText {
  readonly file: string
  readonly text: string
}

/** A fault, and where it stands. */
export interface PlacedFault extends Omit<WorkflowFault, 'path'> {
  readonly line: number
  readonly column: number
  /** The line, with the place marked below it. */
  readonly excerpt: readonly string[]
}

/** What is wrong with a workflow file, in the order of its lines. */
export interface WorkflowAudit {
  readonly file: string
  readonly faults: readonly PlacedFault[]
}

/**
 * Audits workflows that run the gate, each for itself and all together.
 * Problems, without a value: `config` for a file that is no YAML or no workflow.
 */
export function auditWorkflows(files: readonly WorkflowText[]): Read<readonly WorkflowAudit[] | undefined> {
  const problems: Problem[] = []
  const read: (NamedWorkflow & { readonly source: ConfigSource; readonly content: YamlContent })[] = []
  for (const { file, text } of files) {
    const source = configSource(text, file, 'config')
    const { value: content, problems: faults } = readYaml(source)
    problems.push(...faults)
    if (!content || faults.length > 0) continue
    const workflow = workflowOf(content.value)
    if (workflow) read.push({ file, workflow, source, content })
    else problems.push(noWorkflow(source))
  }
  if (problems.length > 0) return { value: undefined, problems }
  const audits = read.map((one) => {
    const { file, workflow, source, content } = one
    const faults = [
      ...checkFaults(workflow),
      ...sameNameFaults(one, read),
      ...permissionFaults(workflow),
      ...trustFaults(workflow),
    ]
    const placed = faults.map((fault) => place(fault, source, content))
    return { file, faults: placed.sort((a, b) => a.line - b.line || a.column - b.column) }
  })
  return { value: audits, problems: [] }
}

function noWorkflow(source: ConfigSource): Problem {
  const advice = 'Name a file of .github/workflows/.'
  return placedProblem(source, { start: 0, end: 1 }, 'The file is no workflow: it has no jobs.', advice)
}

function place({ path, ...fault }: WorkflowFault, source: ConfigSource, content: YamlContent): PlacedFault {
  const { place: at, excerpt = [] } = placedProblem(source, rangeOf(path, content), fault.message)
  return { ...fault, line: at?.line ?? 1, column: at?.column ?? 1, excerpt }
}

/** The setting's key, or that of the nearest one around it. */
function rangeOf(path: SettingPath, content: YamlContent): Range {
  const span = content.spanOf(path)
  if (span) return span.key ?? span.value
  return path.length === 0 ? { start: 0, end: 1 } : rangeOf(path.slice(0, -1), content)
}
