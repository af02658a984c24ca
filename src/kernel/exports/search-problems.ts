import { resolve } from 'node:path'
import type { Problem } from '../../problem/problem.ts'
import { quote } from '../../problem/quote.ts'
import type { Evaluated } from './evaluate-all.ts'
import type { FoundExport } from './find-exports.ts'

/** Objects whose failures are told one by one. */
const mostShown = 5

/** Says that objects could not be evaluated; nothing when all could. */
export function failureProblems(evaluated: Iterable<Evaluated>, output: string): readonly Problem[] {
  const problems: Problem[] = []
  let failures = 0
  for (const { object, result } of evaluated) {
    if (result.kind === 'interrupted')
      return [{ kind: 'interrupted', message: 'the search for exports was stopped' }]
    if (result.kind !== 'failed' || ++failures > mostShown) continue
    problems.push({
      kind: 'build-failed',
      message: `the checksums of ${object.object} cannot be computed: ${result.why}`,
      place: { file: resolve(output, object.source) },
      ...(result.stderr.length > 0 ? { excerpt: result.stderr } : {}),
      ...(result.byMachine ? { speaksOf: 'setup' } : {}),
    })
  }
  if (failures <= mostShown) return problems
  return [...problems, { kind: 'build-failed', message: `${failures - mostShown} more objects failed` }]
}

/** Says that two objects export one symbol; the kernel's own build ends with an error then. */
export function repeatedExport(first: FoundExport, second: FoundExport): Problem {
  return {
    kind: 'conflicting-rows',
    message: `${quote(first.symbol)} is exported by ${first.object} and by ${second.object}`,
    place: { file: second.file, line: second.line },
    advice: 'Remove one of the two exports; the kernel does not build with both.',
    speaksOf: 'commit',
  }
}
