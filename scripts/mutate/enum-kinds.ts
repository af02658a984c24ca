import type { Maker } from './draft.ts'
import { lineAt } from './kernel-source.ts'
import { NotApplicable, type ObjectTypes, type Rewrites, type Tokens } from './stored-types.ts'
import { editOf, firstOf, typeDraft, typeSites, type TypeSite } from './type-sites.ts'

/** Edits of enums, with the constants that follow from them. */

/** An enumerator and the words of its value, where it has one. */
interface Enumerator {
  readonly name: string
  readonly value: Tokens | undefined
}

function enumeratorsOf(tokens: Tokens): readonly Enumerator[] {
  const found: Enumerator[] = []
  let words: string[] = []
  let depth = 0
  for (const token of [...tokens.slice(tokens.indexOf('{') + 1, -1), ',']) {
    depth += Number(token === '(') - Number(token === ')')
    if (token !== ',' || depth > 0) {
      words.push(token)
      continue
    }
    const [name, equals] = words
    if (name !== undefined) found.push({ name, value: equals === '=' ? words.slice(2) : undefined })
    words = []
  }
  return found
}

/** What genksyms keeps as the value of each: that of the last one that has one, and how many followed. */
function constantsOf(enumerators: readonly Enumerator[]): ReadonlyMap<string, Tokens> {
  const constants = new Map<string, Tokens>()
  let last: Tokens | undefined
  let count = 0
  for (const { name, value } of enumerators) {
    if (value) [last, count] = [value, 0]
    constants.set(name, value ?? (last ? ['(', ...last, ')', '+', String(count)] : [String(count)]))
    count++
  }
  return constants
}

/** Rewrites an enum and every constant of it that some type uses. */
function enumRewrites(
  site: TypeSite,
  objects: readonly ObjectTypes[],
  rewrite: (tokens: Tokens) => Tokens,
): Rewrites {
  const rewrites = new Map<string, (tokens: Tokens, types: ObjectTypes) => Tokens>([[site.name, rewrite]])
  const definitions = objects.flatMap((types) => types.definitions.get(site.name) ?? [])
  if (definitions.length === 0) throw new NotApplicable(site.name)
  const names = new Set(
    objects.flatMap(({ definitions: all }) => {
      return enumeratorsOf(all.get(site.name) ?? []).map(({ name }) => name)
    }),
  )
  for (const name of names)
    rewrites.set(`E#${name}`, (tokens, types) => {
      const whole = types.definitions.get(site.name) ?? definitionElsewhere(site, objects)
      const before = constantsOf(enumeratorsOf(whole)).get(name)
      if (before?.join(' ') !== tokens.join(' ')) throw new NotApplicable(`E#${name}`)
      return constantsOf(enumeratorsOf(rewrite(whole))).get(name) ?? tokens
    })
  return rewrites
}

/** The enum itself, where an object uses one of its constants alone. */
function definitionElsewhere({ name }: TypeSite, objects: readonly ObjectTypes[]): Tokens {
  const texts = new Map(
    objects.flatMap(({ definitions }) => {
      const tokens = definitions.get(name)
      return tokens ? [[tokens.join(' '), tokens] as const] : []
    }),
  )
  const [only, ...others] = texts.values()
  if (!only || others.length > 0) throw new NotApplicable(name)
  return only
}

/** Lines of an enum that hold one enumerator each. */
export function enumeratorLines(
  code: string,
  { place }: TypeSite,
): readonly { name: string; value: string; start: number; end: number }[] {
  const body = code.slice(place.open, place.close)
  return [...body.matchAll(/^\s+(\w+)(?:\s*=\s*([^,\n]+?))?\s*,\s*$/gm)].map((match) => {
    const start = place.open + match.index + match[0].search(/\S/)
    return {
      name: match[1] ?? '',
      value: match[2] ?? '',
      start: code.lastIndexOf('\n', start) + 1,
      end: code.indexOf('\n', start),
    }
  })
}

function indexOfEnumerator(tokens: Tokens, name: string): number {
  const at = tokens.findIndex((token, index) => token === name && /^[{,]$/.test(tokens[index - 1] ?? ''))
  if (at < 0) throw new NotApplicable(name)
  return at
}

export const enumeratorInserted: Maker = (workshop) =>
  firstOf(typeSites(workshop, 'e'), (site) => {
    const code = workshop.source.code(site.place.file)
    const lines = enumeratorLines(code, site).filter(({ value }) => value === '')
    return firstOf(workshop.random.shuffled(lines), ({ name, start }) => {
      const line = '\tKABI_MUTATION,'
      return typeDraft(workshop, {
        what: `${site.title}: KABI_MUTATION in front of ${name}`,
        edits: [editOf(workshop, site, { start, end: start, text: `${line}\n` })],
        rewrites: enumRewrites(site, workshop.types, (tokens) => {
          const at = indexOfEnumerator(tokens, name)
          return [...tokens.slice(0, at), 'KABI_MUTATION', ',', ...tokens.slice(at)]
        }),
        classes: ['enumerator-inserted', 'enumerator-value'],
        lines: [line],
        compiles: false,
      })
    })
  })

export const enumeratorRenumbered: Maker = (workshop) =>
  firstOf(typeSites(workshop, 'e'), (site) => {
    const { file } = site.place
    const lines = enumeratorLines(workshop.source.code(file), site).filter(({ value }) => /^\d+$/.test(value))
    return firstOf(workshop.random.shuffled(lines), ({ name, value, start, end }) => {
      const text = workshop.source.read(file).slice(start, end)
      const now = String(Number(value) + 64)
      const line = text.replace(new RegExp(`=(\\s*)${value}\\b`), `=$1${now}`)
      return typeDraft(workshop, {
        what: `${site.title}: ${name} = ${now} instead of ${value} (line ${lineAt(workshop.source.read(file), start)})`,
        edits: [editOf(workshop, site, { start, end, text: line })],
        rewrites: enumRewrites(site, workshop.types, (tokens) => {
          const at = indexOfEnumerator(tokens, name)
          if (tokens.slice(at, at + 3).join(' ') !== `${name} = ${value}`) throw new NotApplicable(name)
          return [...tokens.slice(0, at + 2), now, ...tokens.slice(at + 3)]
        }),
        classes: ['enumerator-value'],
        lines: [line],
        compiles: false,
      })
    })
  })
