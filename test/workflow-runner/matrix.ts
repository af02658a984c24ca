import type { Value } from './expressions.ts'

export type Leg = Readonly<Record<string, Value>>

/**
 * The jobs that `strategy.matrix` asks for: every combination of the lists, less `exclude`, with `include` added to those that it
 * does not contradict, or as jobs of their own.
 * @throws where there is no combination, as GitHub fails the job
 */
export function matrixLegs(matrix: Value): Leg[] {
  if (matrix === null) return [{}]
  if (typeof matrix !== 'object' || Array.isArray(matrix)) throw new Error('matrix: a mapping was expected')
  const { include = [], exclude = [], ...vectors } = matrix as Record<string, Value>
  const combined = combinations(vectors).filter(
    (leg) =>
      !asLegs(exclude, 'exclude').some((one) =>
        Object.entries(one).every(([key, value]) => same(leg[key], value)),
      ),
  )
  const own: Leg[] = []
  const legs: Record<string, Value>[] = combined.map((leg) => ({ ...leg }))
  for (const one of asLegs(include, 'include')) {
    const fitting = legs.filter((_, at) =>
      Object.entries(one).every(
        ([key, value]) => !(key in (combined[at] ?? {})) || same(combined[at]?.[key], value),
      ),
    )
    if (fitting.length === 0) own.push(one)
    for (const leg of fitting) Object.assign(leg, one)
  }
  const all = [...legs, ...own]
  if (all.length === 0) throw new Error('matrix: it does not contain any values')
  if (all.length > 256) throw new Error(`matrix: ${all.length} jobs, the most are 256`)
  return all
}

function combinations(vectors: Record<string, Value>): Leg[] {
  if (Object.keys(vectors).length === 0) return []
  return Object.entries(vectors).reduce<Leg[]>(
    (legs, [key, values]) => {
      if (!Array.isArray(values)) throw new Error(`matrix: ${key} is no list`)
      return legs.flatMap((leg) => values.map((value: Value) => ({ ...leg, [key]: value })))
    },
    [{}],
  )
}

function asLegs(value: Value, key: string): Leg[] {
  if (!Array.isArray(value)) throw new Error(`matrix: ${key} is no list`)
  return value as Leg[]
}

function same(a: Value | undefined, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
