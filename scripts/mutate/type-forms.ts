import { spliced, type Maker } from './draft.ts'
import { cWords } from './kernel-source.ts'
import { NotApplicable } from './stored-types.ts'
import {
  asTokens,
  editOf,
  firstOf,
  memberAt,
  membersOf,
  rewriting,
  typeDraft,
  typeSites,
} from './type-sites.ts'
import { endOf, insertionAt } from './type-kinds.ts'

/** Edits of types that are not where the type is, or not what they look like. */

const added = ['int', 'kabi_mutation', ';']

/** A field that a macro writes; the macro stands in front of the structure. */
export const fieldByMacro: Maker = (workshop) =>
  firstOf(typeSites(workshop, 's'), (site) => {
    const at = insertionAt(workshop, site, 'last')
    const macro = '#define KABI_MUTATION int kabi_mutation;'
    return typeDraft(workshop, {
      what: `${site.title}: a macro adds "int kabi_mutation;" at the end`,
      edits: [
        editOf(
          workshop,
          site,
          { start: site.place.start, end: site.place.start, text: `${macro}\n` },
          { start: at, end: at, text: '\tKABI_MUTATION\n' },
        ),
      ],
      rewrites: rewriting(site, (tokens) => {
        const place = endOf(tokens, 'last')
        return [...tokens.slice(0, place), ...added, ...tokens.slice(place)]
      }),
      classes: ['field-added-at-end'],
      lines: ['\tKABI_MUTATION', macro],
      compiles: true,
    })
  })

/** The length of an array by the macro that names it. */
export const arrayBoundByMacro: Maker = (workshop) =>
  firstOf(typeSites(workshop, 'su'), (site) =>
    firstOf(membersOf(workshop, site), ({ words }) => {
      const at = words.indexOf('[')
      const macro = words[at + 1] ?? ''
      if (!/^[A-Z_][A-Z\d_]+$/.test(macro) || words[at + 2] !== ']' || words.indexOf('[', at + 1) > 0)
        return undefined
      const { source } = workshop
      if (source.uses(macro) !== 2) return undefined
      const pattern = new RegExp(`^#\\s*define\\s+${macro}\\s+([1-9]\\d*)[ \\t]*(/\\*.*\\*/)?$`, 'm')
      for (const file of source.headersWith(macro)) {
        const found = pattern.exec(source.read(file))
        if (!found) continue
        const bound = found[1] ?? ''
        const line = found[0].replace(new RegExp(`\\b${bound}\\b`), String(Number(bound) + 2))
        const edit = spliced(source, file, {
          start: found.index,
          end: found.index + found[0].length,
          text: line,
        })
        return typeDraft(workshop, {
          what: `${site.title}: ${macro} is ${Number(bound) + 2} instead of ${bound}`,
          edits: [edit],
          rewrites: rewriting(site, (tokens, types) => {
            const before = asTokens(
              words.map((word) => (word === macro ? bound : word)),
              types,
            )
            const place = memberAt(tokens, before) + before.indexOf('[') + 1
            return [...tokens.slice(0, place), String(Number(bound) + 2), ...tokens.slice(place + 1)]
          }),
          classes: ['array-bound'],
          lines: [line],
          compiles: false,
        })
      }
      return undefined
    }),
  )

/** genksyms takes a structure with an attribute in front of its tag for one that is only declared. */
export const tagAttribute: Maker = (workshop) =>
  firstOf(typeSites(workshop, 's'), (site) => {
    const { start, open } = site.place
    const [, , tag = ''] = /^(\w+)\s+(\w+)/.exec(workshop.source.read(site.place.file).slice(start)) ?? []
    const line = `struct __aligned(64) ${tag} {`
    return typeDraft(workshop, {
      what: `${site.title}: __aligned(64) in front of the tag`,
      edits: [editOf(workshop, site, { start, end: open + 1, text: line })],
      rewrites: rewriting(site, () => ['struct', tag, '{', 'UNKNOWN', '}']),
      classes: ['body-unseen'],
      lines: [line],
      compiles: true,
    })
  })

const otherTargets: Readonly<Record<string, string>> = {
  int: 'long',
  'unsigned int': 'unsigned long',
  'unsigned long': 'unsigned int',
  long: 'int',
  u32: 'unsigned long',
  u64: 'unsigned int',
  u16: 'unsigned int',
  u8: 'unsigned int',
  __u32: 'unsigned long',
  __u16: 'unsigned int',
}

export const typedefRetargeted: Maker = (workshop) => {
  const { source, types, random } = workshop
  const names = new Set(types.flatMap(({ definitions }) => [...definitions.keys()]))
  // With another `uint32_t` nothing compiles.
  const typedefs = random.shuffled([...names].filter((name) => /^t#(?!u?int\d+_t$)/.test(name)).sort())
  return firstOf(typedefs, (name) => {
    const word = name.slice(2)
    const pattern = new RegExp(`^typedef[ \\t]+([a-z_][\\w \\t]*?)[ \\t]+(?:__bitwise[ \\t]+)?${word};`, 'gm')
    const places = source.headersWith(word).flatMap((file) => {
      return [...source.read(file).matchAll(pattern)].map((match) => ({ file, match }))
    })
    const [place, ...others] = places
    if (!place || others.length > 0 || /^(uapi\/)?asm-generic/.test(place.file.slice(8))) return undefined
    const [text, target = ''] = place.match
    const now = otherTargets[target]
    if (now === undefined) return undefined
    const line = text.replace(target, now)
    const { index } = place.match
    return typeDraft(workshop, {
      what: `typedef ${word}: ${now} instead of ${target}`,
      edits: [spliced(source, place.file, { start: index, end: index + text.length, text: line })],
      rewrites: new Map([
        [
          name,
          (tokens, own) => {
            const old = asTokens([...cWords(target), word], own).slice(0, -1)
            if (tokens.slice(1).join(' ') !== [...old, word].join(' ')) throw new NotApplicable(name)
            return ['typedef', ...cWords(now), word]
          },
        ],
      ]),
      classes: ['typedef-retargeted'],
      lines: [line],
      compiles: true,
    })
  })
}
