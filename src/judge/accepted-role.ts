/**
 * The first of the roles that somebody has that is accepted; undefined when none is. Names of roles do not depend on case.
 */
export function acceptedRole(held: readonly string[], accepted: readonly string[]): string | undefined {
  const names = new Set(accepted.map((role) => role.toLowerCase()))
  return held.find((role) => names.has(role.toLowerCase()))
}
