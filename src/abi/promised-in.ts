import { emptyWhitelist } from './empty-whitelist.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import type { Lifetime, Whitelist, WhitelistRow } from './whitelist.ts'

/** A release of a distribution, such as 9.8. */
export interface Release {
  /** As it was given. */
  readonly name: string
  readonly minor: number
}

/** Reads the name of a release: major and minor number, `9.8`. Gives `undefined` for any other text. */
export function parseRelease(name: string): Release | undefined {
  const minor = /^\d{1,4}\.(\d{1,4})$/.exec(name)?.[1]
  return minor === undefined ? undefined : { name, minor: Number(minor) }
}

/**
 * Leaves out the rows whose lifetime does not reach a release: from its first minor release on a symbol is promised, from its
 * last one on it is not any more. Without a release every row counts.
 *
 * Problems: `outside-lifetime`, a note of what was left out, or of what would have to be when the release were known;
 * `empty-whitelist` when nothing is left.
 * Source: `show-kabi` of RHEL's kernel tree.
 */
export function promisedIn(whitelist: Whitelist, release: Release | undefined): Read<Whitelist> {
  const out = whitelist.rows.filter(({ lifetime }) => lifetime && !reaches(lifetime, release))
  const [first] = out
  if (!first) return { value: whitelist, problems: [] }
  const named = listed(out)
  const place = { file: first.file, line: first.line }
  if (!release) {
    const message = `Some symbols are promised only up to a minor release: ${named}. Which one this is was not said, so they count.`
    return { value: whitelist, problems: [{ kind: 'outside-lifetime', message, place }] }
  }
  const left = new Set(out)
  const value = { ...whitelist, rows: whitelist.rows.filter((row) => !left.has(row)) }
  if (value.rows.length === 0) {
    const message = `No symbol of ${quote(whitelist.file)} is promised in ${release.name}.`
    return { value, problems: [emptyWhitelist(whitelist.file, message)] }
  }
  const problem: Problem = {
    kind: 'outside-lifetime',
    message: `Not promised in ${release.name}: ${named}.`,
    place,
    advice: 'Nothing is to be done, if this is the release.',
  }
  return { value, problems: [problem] }
}

/** Of an unknown release, whether the lifetime has no end. */
function reaches({ first, last }: Lifetime, release: Release | undefined): boolean {
  if (!release) return last === undefined
  return first <= release.minor && (last === undefined || release.minor < last)
}

const mostNamed = 10

function listed(rows: readonly WhitelistRow[]): string {
  const names = [...new Set(rows.map(({ symbol, lifetime }) => `${symbol} (${formatLifetime(lifetime)})`))]
  const left = names.length - mostNamed
  return names.slice(0, mostNamed).join(', ') + (left > 0 ? ` and ${left} more` : '')
}

function formatLifetime(lifetime: Lifetime | undefined): string {
  return lifetime ? `#${lifetime.first}-${lifetime.last ?? ''}` : ''
}
