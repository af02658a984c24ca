import type { Problem } from '../problem/problem.ts'
import { isError } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { check } from './check.ts'
import { plan } from './prepare.ts'
import type { CheckRequest } from './request.ts'
import { readGuard } from '../baseline/read-guard.ts'
import { errorVerdict } from '../judge/decide.ts'
import type { Verdict } from '../judge/verdict.ts'
import { symbolsOfTypes } from '../explain/symbols-of-types.ts'

/**
 * Checks only what tells whether a repair worked: some symbols, and for each type some symbols of the one object that has
 * least to do with others. Everything else is as in `check`.
 */
export async function tryRepair(
  request: CheckRequest,
  { symbols, types }: { readonly symbols: readonly string[]; readonly types: readonly string[] },
): Promise<Verdict> {
  const { tool, override } = request
  const planned = await plan(request)
  if (!planned.value) return errorVerdict(tool, planned.problems, override)
  const wanted = new Set(symbols)
  const unknown = new Set(types)
  for (const variant of planned.value.variants) {
    const { whitelist, problems } = await readGuard(variant)
    if (!whitelist || problems.some(isError)) continue
    for (const [type, reaching] of await symbolsOfTypes(whitelist, types)) {
      unknown.delete(type)
      for (const symbol of reaching) wanted.add(symbol)
    }
  }
  const problems = [...unknown].map((type): Problem => ({
    kind: 'usage',
    message: `No type definition ${quote(type)} is stored beside a whitelist of this run.`,
    advice: 'Name symbols instead, or a type that a report names.',
  }))
  return problems.length > 0 ? errorVerdict(tool, problems, override) : check({ ...request, symbols: wanted })
}
