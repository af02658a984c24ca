import type { DefinitionChange, PatchLine } from '../../abi/cause.ts'

export type Words = ReadonlyMap<string, number>

/** The words of which one side has more; those that the other side does not have at all weigh more. */
export function differingWords({
  before,
  after,
}: DefinitionChange): Readonly<Record<PatchLine['kind'], Words>> {
  const [older, newer] = [countWords(before), countWords(after)]
  return { removed: surplus(older, newer), added: surplus(newer, older) }
}

function countWords(text: string): Words {
  const counts = new Map<string, number>()
  for (const [word] of text.replace(/\b[suetE]#/g, '').matchAll(/\w+/g))
    counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

function surplus(here: Words, there: Words): Words {
  const more = [...here].filter(([word, count]) => count > (there.get(word) ?? 0))
  return new Map(more.map(([word]) => [word, there.has(word) ? 1 : 4]))
}

/** How much a text has of the words that only one side has. */
export function scoreOf(code: string, differing: Words): number {
  return [...new Set(code.match(/\w+/g))].reduce((sum, word) => sum + (differing.get(word) ?? 0), 0)
}
