import type { Read } from '../abi/problem.ts'
import type { Rule } from '../judge/policy.ts'
import { parseSeverities } from '../judge/rules.ts'
import { readText } from './read-text.ts'

/** Reads a file of rules in the form of SUSE's `kabi/severities`. */
export async function readRules(path: string): Promise<Read<readonly Rule[]>> {
  const text = await readText(path)
  const rules = parseSeverities(text.value, path)
  return { value: rules.value, problems: [...text.problems, ...rules.problems] }
}
