import type { AuditedRun } from '../report/audit.ts'
import type { Runner } from './main.ts'

/** @param head the commit that was looked at, where it is not the one that started the run */
export function auditedRun({ env, actor }: Runner, head?: string): Omit<AuditedRun, 'at'> {
  const commit = head ?? env['GITHUB_SHA'] ?? ''
  return { actor, url: runUrl(env), repository: env['GITHUB_REPOSITORY'] ?? '', commit }
}

/** Where the run can be looked up; empty where that is not known. */
export function runUrl(env: Runner['env']): string {
  const run = env['GITHUB_RUN_ID'] ?? ''
  const repository = repositoryUrl(env)
  return repository && run ? `${repository}/actions/runs/${run}` : ''
}

/** The page of the repository that the workflow is of; empty where that is not known. */
export function repositoryUrl(env: Runner['env']): string {
  const { GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: repository = '' } = env
  return server && repository ? `${server}/${repository}` : ''
}
