import { expect } from 'vitest'
import type { Problem } from '../../src/problem/problem.ts'

/** Place, underlined text and message of each problem of one file. */
export function toldOf(problems: readonly Problem[], kind: Problem['kind'], file: string): string[] {
  return problems.map((problem) => {
    expect(problem.kind).toBe(kind)
    expect(problem.place?.file).toBe(file)
    return `${problem.place?.line}:${problem.place?.column} ${underlinedText(problem)} ${problem.message}`
  })
}

function underlinedText({ excerpt = [] }: Problem): string {
  const [source = '', marks = ''] = excerpt
  expect(marks).toMatch(/^ *\^+$/)
  return `[${source.slice(marks.indexOf('^'), marks.length)}]`
}
