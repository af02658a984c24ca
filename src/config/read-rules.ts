import type { Problem, Read } from '../problem/problem.ts'
import type { Rule } from '../judge/policy.ts'
import { parseSeverities } from '../judge/rules.ts'
import { readText } from '../io/read-text.ts'

/** Reads files of rules in the form of SUSE's `kabi/severities`: those of the first file come first. */
export async function readRules(paths: readonly string[]): Promise<Read<readonly Rule[]>> {
  const rules: Rule[] = []
  const problems: Problem[] = []
  for (const path of paths) {
    const text = await readText(path)
    const read = parseSeverities(text.value, path)
    rules.push(...read.value)
    problems.push(...text.problems, ...read.problems)
  }
  return { value: rules, problems }
}
