import type { Problem, Read } from '../problem/problem.ts'
import { acceptedRole } from '../judge/accepted-role.ts'
import { refuseRole } from '../judge/refuse-override.ts'
import type { Override } from '../judge/verdict.ts'
import { explainFailure, type GitHub } from './github.ts'
import { rolesOf } from './roles-of.ts'

/** The disable flag, and what has to be known to accept it. */
interface Flag {
  readonly override: Override
  /** Everybody who has a part in the run: who started it, and who started it again. */
  readonly people: readonly string[]
  /** Those whose flag counts. */
  readonly roles: readonly string[]
  /** ISO 8601. */
  readonly at: string
}

/**
 * Asks the forge, live, whether everybody who has a part in the run may disable the check. Without a forge to ask, the flag
 * says that nobody asked. Problem: `usage` for a person without the role, and where the forge does not answer.
 * @param github absent without a token
 */
export async function checkFlag(
  github: GitHub | undefined,
  { override, people, roles, at }: Flag,
): Promise<Read<Override>> {
  const held = new Map<string, readonly string[]>()
  try {
    if (github) for (const person of people) held.set(person, await rolesOf(github, person))
  } catch (error) {
    return { value: override, problems: [notAsked(explainFailure(error, 'contents: read'))] }
  }
  const refused = [...held].flatMap(([person, some]) => refuseRole(person, some, roles) ?? [])
  const role = acceptedRole(held.get(override.by) ?? [], roles)
  return { value: { ...override, how: { kind: 'flag', role, at } }, problems: refused }
}

function notAsked(why: string): Problem {
  return {
    kind: 'usage',
    message: `whether the kABI check may be disabled is not known: ${why}`,
    advice: 'Run again when GitHub answers, or write a waiver (docs/waivers.md).',
  }
}
