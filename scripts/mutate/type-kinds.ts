import type { Draft, Maker, Workshop } from './draft.ts'
import { cWords, type MemberLine } from './kernel-source.ts'
import { NotApplicable, type Tokens } from './stored-types.ts'
import {
  asTokens,
  editOf,
  firstOf,
  memberAt,
  memberRewrite,
  membersOf,
  rewriting,
  typeDraft,
  typeSites,
  type TypeSite,
} from './type-sites.ts'

/** Edits of structures and unions that protected symbols reach. */

interface Replacement {
  readonly line: string
  readonly classes: readonly string[]
  readonly compiles: boolean
}

/** A kind that rewrites one line of a structure. */
function replacing(replace: (line: string, workshop: Workshop) => Replacement | undefined): Maker {
  return (workshop) =>
    firstOf(typeSites(workshop, 'su'), (site) =>
      firstOf(workshop.random.shuffled(membersOf(workshop, site)), (member) => {
        const made = replace(member.text, workshop)
        return made && replaced(workshop, site, member, made)
      }),
    )
}

function replaced(
  workshop: Workshop,
  site: TypeSite,
  { start, end, text }: MemberLine,
  { line, classes, compiles }: Replacement,
): Draft | undefined {
  const declaration = (full: string): string => full.replace(/\/\*.*/, '').trim()
  const [before, after] = [declaration(text), declaration(line)]
  return typeDraft(workshop, {
    what: `${site.title}: "${before}" becomes "${after}"`,
    edits: [editOf(workshop, site, { start, end, text: line })],
    rewrites: memberRewrite(site, before, expanded(after)),
    classes,
    lines: [line],
    compiles,
  })
}

/** What the preprocessor makes of the macros that the kinds below write. */
function expanded(code: string): string {
  return code.replace('__aligned(64)', '__attribute__((__aligned__(64)))')
}

const otherTypes: readonly (readonly [RegExp, string])[] = [
  [/^(\s+)int(\s)/, '$1long$2'],
  [/^(\s+)unsigned int(\s)/, '$1unsigned long$2'],
  [/^(\s+)unsigned long(\s)/, '$1unsigned int$2'],
  [/^(\s+)bool(\s)/, '$1int$2'],
  [/^(\s+)u(?:8|16|32|64)(\s)/, '$1unsigned short$2'],
]

const otherWords: readonly (readonly [RegExp, string])[] = [
  [/^(\s+)u32(\s)/, '$1unsigned int$2'],
  [/^(\s+)u8(\s)/, '$1unsigned char$2'],
  [/^(\s+)u16(\s)/, '$1unsigned short$2'],
  [/^(\s+)u64(\s)/, '$1unsigned long long$2'],
  [/^(\s+)bool(\s)/, '$1_Bool$2'],
  [/^(\s+)unsigned int(\s)/, '$1unsigned$2'],
  [/\[\];/, '[0];'],
]

function byTable(table: readonly (readonly [RegExp, string])[], classes: readonly string[]): Maker {
  return replacing((text) => {
    for (const [pattern, now] of table) {
      const line = text.replace(pattern, now)
      if (line !== text) return { line, classes, compiles: !/:\s*\d+\s*;/.test(line) }
    }
    return undefined
  })
}

export const fieldRetyped = byTable(otherTypes, ['field-retyped'])
export const fieldRespelled = byTable(otherWords, ['spelling'])

export const bitFieldWidth = replacing((text) => {
  if (text.includes('bool')) return undefined
  const line = text.replace(/^([^,]*:\s*)([1-6])(\s*;)/, (_, head: string, bits: string, tail: string) => {
    return `${head}${Number(bits) + 1}${tail}`
  })
  return line === text ? undefined : { line, classes: ['bit-field-width'], compiles: true }
})

export const arrayBound = replacing((text) => {
  const line = text.replace(/\[([1-9]\d*)\](\s*;)/, (_, bound: string, tail: string) => {
    return `[${Number(bound) * 2}]${tail}`
  })
  return line === text ? undefined : { line, classes: ['array-bound'], compiles: false }
})

export const fieldAttribute = replacing((text) => {
  if (/[,:[]/.test(text.split(';')[0] ?? '')) return undefined
  return { line: text.replace(';', ' __aligned(64);'), classes: ['attribute'], compiles: true }
})

export const fieldQualifier = replacing((text) => {
  if (/const|volatile|,/.test(text) || !/^\s+(struct )?\w+\s+\*\w+;/.test(text)) return undefined
  return { line: text.replace(/^(\s+)/, '$1const '), classes: ['qualifier'], compiles: true }
})

export const fieldRemoved: Maker = (workshop) =>
  firstOf(typeSites(workshop, 'su'), (site) => {
    const removable = membersOf(workshop, site).filter(({ words }) => isPrivate(workshop, words))
    return firstOf(workshop.random.shuffled(removable), ({ start, end, text, words }) =>
      typeDraft(workshop, {
        what: `${site.title}: without "${text.trim()}"`,
        edits: [editOf(workshop, site, { start, end: end + 1, text: '' })],
        rewrites: memberRewrite(site, words.join(' '), ''),
        classes: ['field-removed'],
        lines: [text],
        compiles: false,
      }),
    )
  })

/** Whether no header uses the member, so that the build's own programs compile without it. */
function isPrivate({ source }: Workshop, words: readonly string[]): boolean {
  const name = words.findLast((word) => /^[A-Za-z_]/.test(word))
  return !words.includes(',') && name !== undefined && source.uses(name) === 1
}

export const fieldsSwapped: Maker = (workshop) =>
  firstOf(typeSites(workshop, 's'), (site) => {
    const members = membersOf(workshop, site)
    const pairs = members.flatMap((first, at) => {
      const second = members[at + 1]
      return second?.start === first.end + 1 ? [[first, second] as const] : []
    })
    return firstOf(workshop.random.shuffled(pairs), ([first, second]) =>
      typeDraft(workshop, {
        what: `${site.title}: "${first.text.trim()}" and "${second.text.trim()}" change places`,
        edits: [
          editOf(workshop, site, {
            start: first.start,
            end: second.end,
            text: `${second.text}\n${first.text}`,
          }),
        ],
        rewrites: memberRewrite(
          site,
          [...first.words, ...second.words].join(' '),
          [...second.words, ...first.words].join(' '),
        ),
        classes: ['fields-reordered'],
        lines: [first.text, second.text],
        compiles: true,
      }),
    )
  })

export const fieldsGrouped: Maker = (workshop) =>
  firstOf(typeSites(workshop, 's'), (site) =>
    firstOf(workshop.random.shuffled(membersOf(workshop, site)), ({ start, end, text, words }) => {
      if (words.includes(',') || words.includes(':') || text.includes('/*')) return undefined
      const anonymous = workshop.random.below(2) === 0
      const [head, tail] = anonymous ? ['struct {', '};'] : ['struct_group(kabi_mutation,', ');']
      const member = words.join(' ')
      const group = `union { struct { ${member} } ; struct { ${member} } kabi_mutation ; } ;`
      return typeDraft(workshop, {
        what: `${site.title}: ${head} around "${text.trim()}"`,
        edits: [editOf(workshop, site, { start, end, text: `\t${head}\n${text}\n\t${tail}` })],
        rewrites: memberRegrouped(site, member, anonymous ? `struct { ${member} } ;` : group),
        classes: ['fields-regrouped'],
        lines: [`\t${head}`, `\t${tail}`, text],
        compiles: true,
      })
    }),
  )

function memberRegrouped(site: TypeSite, member: string, group: string): ReturnType<typeof rewriting> {
  return rewriting(site, (tokens, types) => {
    const old = asTokens(cWords(member), types)
    const at = memberAt(tokens, old)
    const around = group.split(member).flatMap((part, index) => {
      const words = cWords(part)
      return index === 0 ? [...words] : [...old, ...words]
    })
    return [...tokens.slice(0, at), ...around, ...tokens.slice(at + old.length)]
  })
}

/** The kinds of members that are added, as C and as genksyms writes them. */
function newMember({ random }: Workshop, { name, title }: TypeSite): { code: string; tokens: Tokens } {
  const plain = ['int', 'unsigned long', 'void *', 'unsigned char', 'const char *']
  const own = `${title} *`
  const type = random.pick([...plain, own])
  const before = type === own ? [name, '*'] : cWords(type)
  return {
    code: `${type}${type.endsWith('*') ? '' : ' '}kabi_mutation;`,
    tokens: [...before, 'kabi_mutation', ';'],
  }
}

type Where = 'first' | 'middle' | 'last'

function fieldAdded(where: Where): Maker {
  return (workshop) =>
    firstOf(typeSites(workshop, where === 'last' ? 's' : 'su'), (site) => addedTo(workshop, site, where))
}

function addedTo(workshop: Workshop, site: TypeSite, where: Where): Draft | undefined {
  const { code, tokens: added } = newMember(workshop, site)
  const members = membersOf(workshop, site)
  // The last line would be the end, and what stands on no single line is not counted.
  const neighbour = where === 'middle' ? workshop.random.pick(members.slice(0, -1)) : undefined
  const at = neighbour ? neighbour.end + 1 : insertionAt(workshop, site, where)
  const line = `\t${code}`
  return typeDraft(workshop, {
    what: `${site.title}: "${code}" ${neighbour ? `behind "${neighbour.text.trim()}"` : where}`,
    edits: [editOf(workshop, site, { start: at, end: at, text: `${line}\n` })],
    rewrites: rewriting(site, (tokens, types) => {
      const place = neighbour ? behind(tokens, asTokens(neighbour.words, types)) : endOf(tokens, where)
      return [...tokens.slice(0, place), ...added, ...tokens.slice(place)]
    }),
    classes: [where === 'last' ? 'field-added-at-end' : 'field-added'],
    lines: [line],
    compiles: true,
  })
}

function behind(tokens: Tokens, member: Tokens): number {
  return memberAt(tokens, member) + member.length
}

/** Where a first or last member goes among the tokens. */
export function endOf(tokens: Tokens, where: Where): number {
  if (where !== 'last') return tokens.indexOf('{') + 1
  const flexible = tokens.slice(-4, -1).join(' ') === '[ ] ;'
  if (tokens.at(-1) !== '}' || flexible) throw new NotApplicable('nothing can follow')
  return tokens.length - 1
}

/** Where a first or last line goes in the file. */
export function insertionAt({ source }: Workshop, { place }: TypeSite, where: Where): number {
  if (where === 'last') return place.close
  const end = source.read(place.file).indexOf('\n', place.open) + 1
  if (
    source
      .code(place.file)
      .slice(place.open + 1, end)
      .trim() !== ''
  )
    throw new NotApplicable('one line')
  return end
}

export const fieldFirst = fieldAdded('first')
export const fieldMiddle = (workshop: Workshop): Draft | undefined =>
  firstOf(typeSites(workshop, 'su'), (site) =>
    membersOf(workshop, site).length < 3 ? undefined : addedTo(workshop, site, 'middle'),
  )
export const fieldLast = fieldAdded('last')
