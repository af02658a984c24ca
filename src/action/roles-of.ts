import type { GitHub } from './github.ts'

/** Permissions as the API names them, highest first, and the roles that they are. */
const roleOfPermission = [
  ['admin', 'admin'],
  ['maintain', 'maintain'],
  ['push', 'write'],
  ['triage', 'triage'],
  ['pull', 'read'],
] as const

/**
 * Asks the forge for every role that somebody has in the repository, now; the one that the forge names comes first. The field
 * `permission` of the answer calls maintainers writers, so it is not looked at.
 */
export async function rolesOf(
  { api, repository }: Pick<GitHub, 'api' | 'repository'>,
  username: string,
): Promise<string[]> {
  const { data } = await api.repos.getCollaboratorPermissionLevel({ ...repository, username })
  const permissions = data.user?.permissions
  const held = roleOfPermission.flatMap(([name, role]) => (permissions?.[name] === true ? [role] : []))
  return [...new Set([data.role_name, ...held])]
}
