import {
  cWords,
  memberLines,
  onlyDefinition,
  type MemberLine,
  type SourceDefinition,
} from './kernel-source.ts'
import {
  linesOf,
  spliced,
  type Draft,
  type Edit,
  type Expected,
  type Splice,
  type Workshop,
} from './draft.ts'
import {
  isUnknown,
  NotApplicable,
  predict,
  type ObjectTypes,
  type Rewrites,
  type Tokens,
} from './stored-types.ts'

/** A type that protected symbols reach and that one header defines. */
export interface TypeSite {
  readonly name: string
  /** `struct device` */
  readonly title: string
  readonly place: SourceDefinition
}

/** Types whose size or order the kernel itself asserts, so that an edit would only break the build. */
const asserted = new Set(['s#page', 's#folio', 's#slab', 's#rcu_special', 'u#rcu_special'])

const keywords: Readonly<Record<string, string>> = { s: 'struct', u: 'union', e: 'enum' }

/** Such types in an order that the seed gives. */
export function typeSites({ source, types, random }: Workshop, letters: string): readonly TypeSite[] {
  const names = new Set<string>()
  for (const { definitions } of types)
    for (const [name, tokens] of definitions)
      if (letters.includes(name[0] ?? '') && name[1] === '#' && !isUnknown(tokens)) names.add(name)
  return random.shuffled([...names].sort()).flatMap((name) => {
    const place = onlyDefinition(source, name)
    if (!place || asserted.has(name)) return []
    return [{ name, title: `${keywords[name[0] ?? ''] ?? ''} ${name.slice(2)}`, place }]
  })
}

export function membersOf({ source }: Workshop, { place }: TypeSite): readonly MemberLine[] {
  return memberLines(source, place)
}

/** The words of a declaration as genksyms writes them where these types are known. */
export function asTokens(words: readonly string[], { definitions }: ObjectTypes): Tokens {
  const tokens: string[] = []
  let brackets = 0
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const next = words[at + 1] ?? ''
    brackets += Number(word === '[') - Number(word === ']')
    if (/^(struct|union|enum)$/.test(word)) {
      tokens.push(`${word[0] ?? ''}#${next}`)
      at++
    } else if (brackets > 0) tokens.push(definitions.has(`E#${word}`) ? `E#${word}` : word)
    else if (/^[;,:[)]$/.test(next)) tokens.push(word)
    else tokens.push(definitions.has(`t#${word}`) ? `t#${word}` : word)
  }
  return tokens
}

/** Where a declaration stands among the tokens of its type: once, as a member of the type itself. */
export function memberAt(tokens: Tokens, member: Tokens): number {
  const found: number[] = []
  let depth = 0
  tokens.forEach((token, at) => {
    const fits = depth === 1 && /^[;{}]$/.test(tokens[at - 1] ?? '')
    if (fits && member.every((word, offset) => tokens[at + offset] === word)) found.push(at)
    depth += Number(token === '{') - Number(token === '}')
  })
  const [at, ...others] = found
  if (at === undefined || others.length > 0) throw new NotApplicable(`not once: ${member.join(' ')}`)
  return at
}

/** Rewrites one member by its words before and after. */
export function memberRewrite(site: TypeSite, before: string, after: string): Rewrites {
  return rewriting(site, (tokens, types) => {
    const old = asTokens(cWords(before), types)
    const at = memberAt(tokens, old)
    return [...tokens.slice(0, at), ...asTokens(cWords(after), types), ...tokens.slice(at + old.length)]
  })
}

export function rewriting(
  { name }: TypeSite,
  rewrite: (tokens: Tokens, types: ObjectTypes) => Tokens,
): Rewrites {
  return new Map([[name, rewrite]])
}

/** Whether a protected symbol would have another checksum if the type had another text. */
export function reachedByProtected(workshop: Workshop, site: TypeSite): boolean {
  const mark = rewriting(site, (tokens: Tokens) => [...tokens, 'kabi_mutation'])
  return predict(workshop.types, (symbol) => workshop.symbols.has(symbol), mark).changed.size > 0
}

/** What `typeDraft` is to predict. */
export interface TypeEdit {
  readonly what: string
  readonly edits: readonly Edit[]
  readonly rewrites: Rewrites
  readonly classes: readonly string[]
  /** Texts of lines that a report may name beside those that the edit adds or takes away. */
  readonly lines: readonly string[]
  readonly compiles: boolean
}

/** The draft of an edit of types, with the checksums that follow from it; undefined where none changes. */
export function typeDraft(workshop: Workshop, edit: TypeEdit): Draft | undefined {
  const prediction = predict(workshop.types, (symbol) => workshop.symbols.has(symbol), edit.rewrites)
  if (prediction.changed.size === 0) return undefined
  const findings = [...prediction.changed].map(([symbol, crc]) => ({ kind: 'changed', symbol, crc }) as const)
  const expected: Expected = {
    results: ['break'],
    findings,
    causes: [...prediction.causes],
    classes: edit.classes,
    lines: linesOf(edit.edits, edit.lines),
    seen: true,
    layouts: [],
  }
  const objects = new Set(findings.map(({ symbol }) => workshop.symbols.get(symbol)?.object ?? ''))
  return {
    what: edit.what,
    edits: edit.edits,
    expected,
    rewrites: edit.rewrites,
    ...(edit.compiles ? { compile: [...objects].sort().slice(0, 2) } : {}),
  }
}

/** The first site of which something can be made. */
export function firstOf<Site>(
  sites: Iterable<Site>,
  make: (site: Site) => Draft | undefined,
): Draft | undefined {
  for (const site of sites) {
    try {
      const draft = make(site)
      if (draft) return draft
    } catch (error) {
      if (!(error instanceof NotApplicable)) throw error
    }
  }
  return undefined
}

export function editOf({ source }: Workshop, { place }: TypeSite, ...splices: readonly Splice[]): Edit {
  return spliced(source, place.file, ...splices)
}
