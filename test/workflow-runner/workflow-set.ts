import type { GitHost } from './git-host.ts'
import { beyond, defaultPermissions, type Permissions } from './permissions.ts'
import {
  InvalidWorkflow,
  readWorkflowFile,
  type CallFile,
  type JobFile,
  type WorkflowFile,
} from './workflow-file.ts'

/** Where a workflow file is from. */
export interface Place {
  readonly repository: string
  readonly sha: string
  readonly path: string
  readonly ref: string
}

export interface CalledWorkflow extends Place {
  readonly file: WorkflowFile
}

/** A workflow with all that it calls. */
export interface WorkflowSet {
  readonly top: CalledWorkflow
  readonly called: (uses: string) => CalledWorkflow
}

/**
 * Reads a workflow and those that it calls, and checks what GitHub checks before a run starts.
 * @throws InvalidWorkflow for what GitHub would not start
 */
export async function readWorkflowSet(git: GitHost, top: Place, text: string): Promise<WorkflowSet> {
  const found = new Map<string, CalledWorkflow>()
  const file = await readWorkflowFile(top.path, text)
  const visit = async (inner: CalledWorkflow, limit: Permissions | undefined): Promise<void> => {
    for (const job of inner.file.jobs) {
      const asked = job.permissions ?? inner.file.permissions ?? limit ?? defaultPermissions
      const [fault] = limit ? beyond(asked, limit) : []
      if (fault !== undefined) throw new InvalidWorkflow(`${inner.path}: the job '${job.id}' is ${fault}`)
      if (job.uses === undefined) continue
      const callee = found.get(job.uses) ?? (await resolve(git, job.uses))
      found.set(job.uses, callee)
      checkCall(job, callee.file.call)
      await visit(callee, asked)
    }
  }
  const whole = { ...top, file }
  await visit(whole, undefined)
  return {
    top: whole,
    called: (uses) => {
      const callee = found.get(uses)
      if (!callee) throw new Error(`${uses} was not read`)
      return callee
    },
  }
}

async function resolve(git: GitHost, uses: string): Promise<CalledWorkflow> {
  const [, repository = '', path = '', ref = ''] =
    /^([^/]+\/[^/]+)\/(\.github\/workflows\/[^@/]+)@(.+)$/.exec(uses) ?? []
  // A full name is looked up with the file itself.
  const sha = /^[\da-f]{40}$/.test(ref) ? ref : ref && (await git.find(repository, ref))
  if (!sha) throw new InvalidWorkflow(`workflow was not found: ${uses}`)
  const content = await git.read(repository, `${sha}:${path}`)
  if (content === undefined) throw new InvalidWorkflow(`${repository} has no ${path} in ${sha}`)
  return { repository, sha, path, ref, file: await readWorkflowFile(path, content) }
}

function checkCall(job: JobFile, call: CallFile | undefined): void {
  if (!call) throw new InvalidWorkflow(`${job.uses ?? ''} has no workflow_call`)
  const given = job.part('with')?.assertMapping('with')
  const names = Array.from(given ?? [], ({ key }) => key.toString())
  const unknown = names.find((name) => !call.inputs.has(name))
  if (unknown !== undefined)
    throw new InvalidWorkflow(`Invalid input, ${unknown} is not defined in the referenced workflow.`)
  const missing = [...call.inputs].find(([name, { required }]) => required && !names.includes(name))
  if (missing) throw new InvalidWorkflow(`Input ${missing[0]} is required, but not provided while calling.`)
}
