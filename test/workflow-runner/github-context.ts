import type { Value } from './expressions.ts'
import type { Hub } from './hub.ts'
import type { Run } from './run.ts'

/** The context `github` of a run, without what is a job's own. */
export function githubContext(hub: Hub, run: Run, workflow: string): Record<string, Value> {
  const { trigger, repository } = run
  const [owner = ''] = repository.split('/')
  const name = trigger.ref.replace(/^refs\/(?:heads|tags|pull)\//, '')
  return {
    repository,
    repository_owner: owner,
    event_name: trigger.event,
    event: trigger.payload as Value,
    sha: trigger.sha,
    ref: trigger.ref,
    ref_name: name,
    ref_type: 'branch',
    ref_protected: trigger.ref.startsWith('refs/heads/') && hub.protectedBranches.has(name),
    head_ref: trigger.headRef ?? '',
    base_ref: trigger.baseRef ?? '',
    run_id: String(run.id),
    run_number: String(run.id - 999),
    run_attempt: String(run.attempt),
    actor: trigger.actor,
    triggering_actor: run.by,
    workflow,
    workflow_ref: `${repository}/${run.path}@${trigger.ref}`,
    workflow_sha: trigger.sha,
    server_url: 'https://github.example',
    api_url: hub.url,
    graphql_url: `${hub.url}/graphql`,
  }
}
