import { isError, type Problem } from '../../problem/problem.ts'

/** A problem and the variants that have it; none when it belongs to the whole run. */
export interface MergedProblem {
  readonly problem: Problem
  readonly variants: readonly string[]
}

/** Brings equal problems of several variants together, errors before notes, in their order otherwise. */
export function mergeProblems(problems: readonly Problem[]): readonly MergedProblem[] {
  const merged = new Map<string, { problem: Problem; variants: string[] }>()
  for (const problem of problems) {
    const { kind, message, place, excerpt, advice, variant } = problem
    const key = JSON.stringify([kind, message, place, excerpt, advice])
    const one = merged.get(key) ?? { problem, variants: [] }
    if (variant !== undefined && !one.variants.includes(variant)) one.variants.push(variant)
    merged.set(key, one)
  }
  const all = [...merged.values()]
  return [...all.filter(({ problem }) => isError(problem)), ...all.filter(({ problem }) => !isError(problem))]
}

/** A problem's place as editors and terminals understand it: `file:line:column`. */
export function formatPlace({ file, line, column }: NonNullable<Problem['place']>): string {
  return [file, line, column].filter((part) => part !== undefined).join(':')
}
