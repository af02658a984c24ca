import {
  convertWorkflowTemplate,
  isMapping,
  isSequence,
  isString,
  NoOperationTraceWriter,
  parseWorkflow,
} from '@actions/workflow-parser'
import type { EventsConfig, WorkflowJob } from '@actions/workflow-parser/model/workflow-template'
import type { MappingToken } from '@actions/workflow-parser/templates/tokens/mapping-token'
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token'
import { readPermissions, type Permissions } from './permissions.ts'

export interface WorkflowFile {
  readonly name: string
  readonly events: EventsConfig
  readonly concurrency: TemplateToken | undefined
  readonly permissions: Permissions | undefined
  readonly env: TemplateToken | undefined
  readonly jobs: readonly JobFile[]
  readonly call: CallFile | undefined
}

/** What a reusable workflow takes and gives. */
export interface CallFile {
  readonly inputs: ReadonlyMap<string, CallInput>
  readonly secrets: ReadonlySet<string>
  readonly outputs: ReadonlyMap<string, TemplateToken>
}

export interface CallInput {
  readonly type: string
  readonly required: boolean
  readonly fallback: TemplateToken | undefined
}

export interface JobFile {
  readonly id: string
  readonly name: TemplateToken
  readonly needs: readonly string[]
  readonly condition: TemplateToken
  readonly permissions: Permissions | undefined
  /** `runs-on`, `timeout-minutes`, `strategy`, `outputs`, `env`, `with`, `secrets` as they stand there. */
  readonly part: (key: string) => TemplateToken | undefined
  /** The reusable workflow that the job calls. */
  readonly uses: string | undefined
  readonly steps: readonly StepFile[]
}

export interface StepFile {
  readonly id: string
  readonly condition: TemplateToken
  readonly part: (key: string) => TemplateToken | undefined
}

/** A file that GitHub would call an invalid workflow; a run of it fails before there is any job. */
export class InvalidWorkflow extends Error {}

const knownParts = {
  workflow: ['name', 'on', 'concurrency', 'permissions', 'env', 'jobs'],
  job: [
    ...['name', 'needs', 'if', 'permissions', 'runs-on', 'timeout-minutes', 'strategy', 'outputs', 'env'],
    ...['uses', 'with', 'secrets', 'steps'],
  ],
  step: [
    'id',
    'name',
    'if',
    'uses',
    'with',
    'run',
    'shell',
    'working-directory',
    'env',
    'continue-on-error',
    'timeout-minutes',
  ],
}

/**
 * Reads a workflow with GitHub's own library.
 * @throws InvalidWorkflow for what GitHub would not start, another error for a key that this runner does not know
 */
export function readWorkflowFile(path: string, content: string): Promise<WorkflowFile> {
  const key = `${path}\n${content}`
  const file = read.get(key) ?? parseFile(path, content)
  read.set(key, file)
  return file
}

/** Stories read the same files again and again. */
const read = new Map<string, Promise<WorkflowFile>>()

async function parseFile(path: string, content: string): Promise<WorkflowFile> {
  const { context, value: root } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter())
  const faults = () => context.errors.getErrors().map(({ message }) => message)
  if (!root || faults().length > 0) throw new InvalidWorkflow(`${path}: ${faults().join('; ')}`)
  const model = await convertWorkflowTemplate(context, root)
  if (model.errors) throw new InvalidWorkflow(`${path}: ${faults().join('; ')}`)
  const top = root.assertMapping('workflow')
  const part = partsOf(top, 'workflow', path)
  const jobs = part('jobs')?.assertMapping('jobs')
  const name = part('name')
  return {
    name: name && isString(name) ? name.value : path,
    events: model.events,
    concurrency: part('concurrency'),
    permissions: readPermissions(part('permissions')),
    env: part('env'),
    jobs: model.jobs.map((job) => jobFile(job, jobs?.find(job.id.value), path)),
    call: callFile(part('on')),
  }
}

function jobFile(model: WorkflowJob, token: TemplateToken | undefined, path: string): JobFile {
  const id = model.id.value
  const part = partsOf(token?.assertMapping(id), 'job', `${path}, job ${id}`)
  const steps = part('steps')
  const stepTokens = steps && isSequence(steps) ? Array.from(steps) : []
  return {
    id,
    name: model.name ?? model.id,
    needs: (model.needs ?? []).map(({ value }) => value),
    condition: model.if,
    permissions: readPermissions(part('permissions')),
    part,
    uses: model.type === 'reusableWorkflowJob' ? model.ref.value : undefined,
    steps: (model.type === 'job' ? model.steps : []).map((step, index) => {
      if (!('if' in step)) throw new Error(`${path}: a kind of step that the runner does not know`)
      const where = `${path}, step ${index + 1} of ${id}`
      return {
        id: step.id,
        condition: step.if,
        part: partsOf(stepTokens[index]?.assertMapping(where), 'step', where),
      }
    }),
  }
}

function partsOf(token: MappingToken | undefined, kind: keyof typeof knownParts, where: string) {
  const parts = new Map<string, TemplateToken>()
  for (const { key, value } of token ?? []) {
    const name = key.toString()
    if (!knownParts[kind].includes(name))
      throw new Error(`${where}: the runner does not know the key ${name}`)
    parts.set(name, value)
  }
  return (key: string) => parts.get(key)
}

function callFile(on: TemplateToken | undefined): CallFile | undefined {
  if (!on || !isMapping(on)) return undefined
  const call = on.find('workflow_call')
  if (!call) return undefined
  const entries = (key: string) => {
    const part = isMapping(call) ? call.find(key) : undefined
    return part && isMapping(part)
      ? Array.from(
          part,
          ({ key: name, value }) => [name.toString(), value.assertMapping(name.toString())] as const,
        )
      : []
  }
  return {
    inputs: new Map(
      entries('inputs').map(([name, input]) => [
        name,
        {
          type: input.find('type')?.assertString('type').value ?? '',
          required: input.find('required')?.assertBoolean('required').value ?? false,
          fallback: input.find('default'),
        },
      ]),
    ),
    secrets: new Set(entries('secrets').map(([name]) => name)),
    outputs: new Map(
      entries('outputs').flatMap(([name, output]) => {
        const value = output.find('value')
        return value ? [[name, value] as const] : []
      }),
    ),
  }
}
