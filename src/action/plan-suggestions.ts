import { hash } from 'node:crypto'
import { isAbsolute } from 'node:path'
import type { Cause } from '../abi/cause.ts'
import { definitionTitle } from '../abi/explain/definition-title.ts'
import { ofFamily } from '../judge/finding.ts'
import type { Verdict } from '../judge/verdict.ts'
import { fencedBlock, markdownCode } from '../report/escape.ts'
import { placeInRepository } from './place-in-repository.ts'

/** A comment at lines of a pull request, with other lines that a button puts in their place. */
export interface Suggestion {
  /** The first line of every comment about the same cause. */
  readonly marker: string
  /** From the top of the repository. */
  readonly path: string
  readonly startLine: number
  readonly line: number
  /** What has to stand at these lines. */
  readonly removed: readonly string[]
  readonly body: string
}

/** A pull request that is covered with comments helps nobody. */
const mostSuggestions = 10

/** Says what a marker of a key begins with. */
function markerOf(key: string): string {
  return `<!-- kabi-gate suggestion key=${key} cause=`
}

/** The marker that a body begins with, if it is one of this key. */
export function suggestionMarker(body: string, key: string): string | undefined {
  const [first = ''] = body.split(/\r?\n/, 1)
  return first.startsWith(markerOf(key)) ? first : undefined
}

/**
 * The suggestions of a verdict: one for each cause that a finding needs and that one piece of lines repairs. A reserved field
 * further away than a hunk reaches is no such piece: a button would do half of it.
 * @param repository the top of the checkout, and `root` the same without symbolic links
 */
export function suggestionsOf(
  { explanation, findings, variants }: Verdict,
  { key, repository, root }: { readonly key: string; readonly repository: string; readonly root: string },
): readonly Suggestion[] {
  const told = ofFamily(findings, 'symbol').filter(({ severity }) => severity !== 'ignore')
  const needed = new Set(told.flatMap(({ causes = [] }) => causes))
  const tree = variants.flatMap(({ how }) => how?.source ?? [])[0]
  return (explanation?.causes ?? [])
    .filter(({ id }) => needed.has(id))
    .flatMap(({ fix, ...cause }): Suggestion[] => {
      const [edit, ...others] = fix?.edits ?? []
      if (!fix || !edit || others.length > 0 || isAbsolute(fix.file)) return []
      if (![...edit.removed, ...edit.added].every(isPlain)) return []
      const place = { file: fix.file, line: edit.line, ...(tree === undefined ? {} : { tree }) }
      const { file: path } = placeInRepository(place, repository, root)
      if (path === undefined) return []
      const marker = `${markerOf(key)}${hash('sha256', cause.id).slice(0, 16)} -->`
      const lines = { startLine: edit.line, line: edit.line + edit.removed.length - 1, removed: edit.removed }
      return [{ marker, path, ...lines, body: bodyOf(marker, cause, fix.how, edit.added) }]
    })
    .slice(0, mostSuggestions)
}

/** Nothing that ends a line or is shown as something else. */
function isPlain(line: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(line)
}

const reasons = {
  hide: 'the new field moves nothing where it is, so only the checksum must not see it',
  use: 'the release reserved room for such a field',
} as const

function bodyOf(
  marker: string,
  { name }: Pick<Cause, 'name'>,
  how: keyof typeof reasons,
  lines: readonly string[],
): string {
  return [
    marker,
    `kabi-gate: ${markdownCode(definitionTitle(name))} changed checksums; ${reasons[how]}. The next run checks this.`,
    '',
    fencedBlock(lines, 'suggestion'),
  ].join('\n')
}
