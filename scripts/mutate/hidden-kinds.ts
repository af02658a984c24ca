import { nothing, type Draft, type ExpectedLayout, type Maker, type Splice, type Workshop } from './draft.ts'
import type { MemberLine } from './kernel-source.ts'
import { NotApplicable } from './stored-types.ts'
import { editOf, firstOf, membersOf, reachedByProtected, typeSites, type TypeSite } from './type-sites.ts'
import { enumeratorLines } from './enum-kinds.ts'
import { operationLines } from './function-kinds.ts'
import { endOf, insertionAt } from './type-kinds.ts'

/** Edits that the compiler gets and genksyms does not, so that every checksum stays: they are told by what they do to memory. */

interface Hidden {
  readonly what: string
  readonly splices: readonly Splice[]
  /** The member or enumerator that a report has to name; absent where the type as a whole changes. */
  readonly member?: string
  /** What it does to memory. */
  readonly does: ExpectedLayout['does']
  /** The line of the edit that a report has to show as one that hides; absent where none can be told by its words. */
  readonly line?: string
}

const inside = '#ifndef __GENKSYMS__'
const outside = '#ifdef __GENKSYMS__'

/** Kinds that edit one type which protected symbols reach. */
function hiding(letters: string, hide: (workshop: Workshop, site: TypeSite) => Hidden | undefined): Maker {
  return (workshop) =>
    firstOf(typeSites(workshop, letters), (site) => {
      const hidden = hide(workshop, site)
      return hidden && reachedByProtected(workshop, site) ? draftOf(workshop, site, hidden) : undefined
    })
}

function draftOf(workshop: Workshop, site: TypeSite, { what, splices, member, does, line }: Hidden): Draft {
  const { file } = site.place
  return {
    what: `${site.title}: ${what}`,
    edits: [editOf(workshop, site, ...splices)],
    expected: {
      ...nothing,
      results: [does === 'moves' ? 'break' : 'pass'],
      lines: line === undefined ? [] : [{ file, text: line }],
      seen: false,
      layouts: [{ name: site.name, does, ...(member === undefined ? {} : { member }) }],
    },
  }
}

/** A member that stands alone on its line, with its name and the rest of its declaration. */
interface Simple extends MemberLine {
  readonly name: string
  /** Its type, in the words of the source: `struct page *`, `unsigned int`. */
  readonly type: string
}

/** Members of an ordinary type that are no bit-field and no array, and that the configuration has. */
function simpleMembers(workshop: Workshop, site: TypeSite): readonly Simple[] {
  const own = workshop.types.find(({ definitions }) => definitions.has(site.name))
  const there = new Set(own?.definitions.get(site.name))
  return membersOf(workshop, site).flatMap((member) => {
    const [, type = '', name = ''] = /^\s*([A-Za-z_][\w ]*?[\s*]+)(\w+);/.exec(member.text) ?? []
    return !there.has(name) || /^(__\w+|struct)$/.test(name) ? [] : [{ ...member, name, type: type.trim() }]
  })
}

/** Such members that follow one another without a line between them. */
function runsOf(workshop: Workshop, site: TypeSite, length: number): readonly (readonly Simple[])[] {
  const members = simpleMembers(workshop, site)
  return members.flatMap((_, at) => {
    const run = members.slice(at, at + length)
    const adjoin = run.every((one, index) => index === 0 || one.start === (run[index - 1]?.end ?? 0) + 1)
    return run.length === length && adjoin ? [run] : []
  })
}

/** The member as genksyms goes on to see it, and what the compiler gets instead. */
function instead({ start, end, text }: Pick<MemberLine, 'start' | 'end' | 'text'>, now: string): Splice {
  return { start, end, text: `${outside}\n${text}\n#else\n${now}\n#endif` }
}

function pickedOf<T>(workshop: Workshop, some: readonly T[]): T {
  if (some.length === 0) throw new NotApplicable('no such place')
  return workshop.random.pick(some)
}

/** Longer than any hole or padding. */
const long = '\tunsigned long kabi_mutation[64];'

function fieldBefore(spell: (field: string) => { readonly text: string; readonly line?: string }) {
  return (workshop: Workshop, site: TypeSite): Hidden => {
    const { name, start } = pickedOf(workshop, simpleMembers(workshop, site))
    const { text, line } = spell(long)
    return {
      what: `a hidden field in front of ${name}`,
      splices: [{ start, end: start, text }],
      ...{ member: name, does: 'moves' },
      ...(line === undefined ? {} : { line }),
    }
  }
}

export const fieldInside = hiding(
  's',
  fieldBefore((field) => ({ text: `${inside}\n${field}\n#endif\n`, line: inside })),
)

export const fieldBySplice = hiding(
  's',
  fieldBefore((field) => {
    const line = '#ifndef __GENK\\'
    return { text: `${line}\nSYMS__\n${field}\n#endif\n`, line }
  }),
)

export const fieldByDefined = hiding(
  's',
  fieldBefore((field) => {
    const line = '#if !defined(__GENKSYMS__)'
    return { text: `${line}\n${field}\n#endif\n`, line }
  }),
)

export const fieldByMacro = hiding('s', (workshop, site) => {
  const { name, start } = pickedOf(workshop, simpleMembers(workshop, site))
  const head = site.place.start
  return {
    what: `a field in front of ${name} by a macro that is empty for genksyms`,
    splices: [
      {
        start: head,
        end: head,
        text: `${outside}\n#define kabi_mutation_field\n#else\n#define kabi_mutation_field${long}\n#endif\n\n`,
      },
      { start, end: start, text: '\tkabi_mutation_field\n' },
    ],
    ...{ member: name, does: 'moves', line: outside },
  }
})

export const fieldAtEnd = hiding('s', (workshop, site) => {
  const { close } = site.place
  const [types] = workshop.types.filter(({ definitions }) => definitions.has(site.name))
  endOf(types?.definitions.get(site.name) ?? [], 'last')
  return {
    what: 'a hidden field at the end',
    splices: [{ start: close, end: close, text: `${inside}\n${long}\n#endif\n` }],
    ...{ does: 'moves', line: inside },
  }
})

export const swapped = hiding('s', (workshop, site) => {
  const pairs = runsOf(workshop, site, 2).filter(([first, second]) => first?.type === second?.type)
  const [first, second] = pickedOf(workshop, pairs)
  if (!first || !second) return undefined
  const both = { start: first.start, end: second.end, text: `${first.text}\n${second.text}` }
  return {
    what: `${first.name} and ${second.name} change places behind __GENKSYMS__`,
    splices: [instead(both, `${second.text}\n${first.text}`)],
    ...{ member: first.name, does: 'moves', line: outside },
  }
})

const otherTypes: Readonly<Record<string, string>> = {
  int: 'long',
  'unsigned int': 'int',
  'unsigned long': 'long',
  bool: 'unsigned char',
  u8: 's8',
  u16: 's16',
  u32: 's32',
  u64: 's64',
}

export const retyped = hiding('su', (workshop, site) => {
  const member = pickedOf(
    workshop,
    simpleMembers(workshop, site).filter(({ type }) => otherTypes[type] !== undefined),
  )
  const type = otherTypes[member.type] ?? ''
  return {
    what: `${member.name}: ${type} instead of ${member.type} behind __GENKSYMS__`,
    splices: [instead(member, `\t${type} ${member.name};`)],
    ...{ member: member.name, does: 'moves', line: outside },
  }
})

export const bitFieldWidth = hiding('s', (workshop, site) => {
  const { start, close, file } = site.place
  // A field of the other byte order is in no kernel of this machine.
  if (/^[ \t]*#/m.test(workshop.source.read(file).slice(start, close))) throw new NotApplicable('conditions')
  const fields = membersOf(workshop, site).filter(({ text }) => /^[^,]*\w\s*:\s*[2-9]\s*;/.test(text))
  const member = pickedOf(workshop, fields)
  const [, name = '', bits = ''] = /(\w+)\s*:\s*(\d)\s*;/.exec(member.text) ?? []
  return {
    what: `${name}: one bit less behind __GENKSYMS__`,
    splices: [instead(member, member.text.replace(/(:\s*)\d(\s*;)/, `$1${Number(bits) - 1}$2`))],
    ...{ member: name, does: 'moves', line: outside },
  }
})

export const unionTooLarge = hiding('s', (workshop, site) => {
  const [first, second] = pickedOf(workshop, runsOf(workshop, site, 2))
  if (!first || !second) return undefined
  return {
    what: `512 bytes in a union with ${first.name}`,
    splices: [instead(first, `\tunion {\n${first.text}\n${long}\n\t};`)],
    ...{ member: second.name, does: 'moves', line: outside },
  }
})

export const operationArgument = hiding('s', (workshop, site) => {
  const operations = operationLines(workshop, site).filter(({ text }) => !text.includes('(void)'))
  const operation = pickedOf(workshop, operations)
  return {
    what: `${operation.name}() takes one argument more behind __GENKSYMS__`,
    splices: [instead(operation, operation.text.replace(/\);$/, ', int kabi_mutation);'))],
    ...{ member: operation.name, does: 'moves', line: outside },
  }
})

export const enumeratorInside = hiding('e', (workshop, site) => {
  const code = workshop.source.code(site.place.file)
  const plain = enumeratorLines(code, site).filter(({ value }) => value === '')
  const { name, start } = pickedOf(workshop, plain)
  return {
    what: `a hidden enumerator in front of ${name}`,
    splices: [{ start, end: start, text: `${inside}\n\tKABI_MUTATION,\n#endif\n` }],
    ...{ member: name, does: 'moves', line: inside },
  }
})

export const braceAttribute = hiding('s', (workshop, site) => {
  const { start, close, file } = site.place
  const text = workshop.source.read(file)
  // Members may ask for as much already: on s390x a cache line has 256 bytes.
  const asks = text.slice(start, close).includes('aligned')
  if (asks || text.slice(close, close + 2) !== '};') throw new NotApplicable('not the end')
  return {
    what: '__aligned(64) behind the closing brace',
    splices: [{ start: close, end: close + 2, text: '} __aligned(64);' }],
    does: 'moves',
  }
})

export const fieldInFront = hiding('s', (workshop, site) => {
  const at = insertionAt(workshop, site, 'first')
  return {
    what: 'a first field behind #ifndef __GENKSYMS__',
    splices: [{ start: at, end: at, text: `${inside}\n\tint kabi_mutation;\n#endif\n` }],
    ...{ does: 'moves', line: inside },
  }
})

export const packedByPragma = hiding('s', (workshop, site) => {
  const { start, close, file } = site.place
  const text = workshop.source.read(file)
  const end = text.indexOf('\n', close) + 1
  if (!hasAligned(workshop, site) || text.slice(start, end).includes('aligned'))
    throw new NotApplicable('packed alike')
  return {
    what: '#pragma pack(1) around it',
    splices: [
      { start, end: start, text: '#pragma pack(push, 1)\n' },
      { start: end, end, text: '#pragma pack(pop)\n' },
    ],
    does: 'moves',
  }
})

/** Whether some member asks by its type for an alignment that packing takes away. */
function hasAligned(workshop: Workshop, site: TypeSite): boolean {
  return simpleMembers(workshop, site).some(({ type }) => /\*$|^(unsigned )?(int|long)$/.test(type))
}

export const packedBehindBrace = hiding('s', (workshop, site) => {
  const { close, file } = site.place
  const members = membersOf(workshop, site)
  // Members that ask for an alignment of their own keep it, and with it that of the structure.
  const asks = members.some(({ text }) => text.includes('aligned'))
  if (!hasAligned(workshop, site) || asks || workshop.source.read(file).slice(close, close + 2) !== '};')
    throw new NotApplicable('not the end')
  return {
    what: '__packed behind the closing brace',
    splices: [{ start: close, end: close + 2, text: '} __packed;' }],
    does: 'moves',
  }
})

export const unionThatFits = hiding('s', (workshop, site) => {
  const pointers = simpleMembers(workshop, site).filter(({ type }) => type.endsWith('*'))
  const member = pickedOf(workshop, pointers)
  return {
    what: `a byte in a union with ${member.name}`,
    splices: [instead(member, `\tunion {\n${member.text}\n\t\tunsigned char kabi_mutation;\n\t};`)],
    ...{ does: 'fits', line: outside },
  }
})

/** A 64-bit machine leaves a hole between a short member behind a pointer and the pointer behind it. */
export const fieldInHole = hiding('s', (workshop, site) => {
  const holes = runsOf(workshop, site, 3).filter(
    ([first, second, third]) =>
      first?.type.endsWith('*') &&
      third?.type.endsWith('*') &&
      /^(bool|char|int|unsigned int|u8|u16|u32|s32)$/.test(second?.type ?? ''),
  )
  const [, short] = pickedOf(workshop, holes)
  if (!short) return undefined
  const at = short.end + 1
  return {
    what: `a hidden field in the hole behind ${short.name}`,
    splices: [{ start: at, end: at, text: `${inside}\n\tunsigned char kabi_mutation;\n#endif\n` }],
    ...{ does: 'fits', line: inside },
  }
})

export const reservedUsed = hiding('s', (workshop, site) => {
  const unused = simpleMembers(workshop, site).filter(
    ({ name, type }) => type === 'unsigned long' && workshop.source.uses(name) === 1,
  )
  const member = pickedOf(workshop, unused)
  return {
    what: `${member.name} gives its place to another member`,
    splices: [instead(member, '\tunsigned long kabi_mutation;')],
    ...{ does: 'fits', line: outside },
  }
})

export const enumeratorAtEnd = hiding('e', (workshop, site) => {
  const { file, close } = site.place
  const before = workshop.source.code(file).slice(0, close).trimEnd()
  if (!before.endsWith(',')) throw new NotApplicable('no comma')
  return {
    what: 'a hidden enumerator at the end',
    splices: [{ start: close, end: close, text: `${inside}\n\tKABI_MUTATION,\n#endif\n` }],
    ...{ does: 'fits', line: inside },
  }
})

const otherWords: Readonly<Record<string, string>> = {
  u8: 'unsigned char',
  u16: 'unsigned short',
  u32: 'unsigned int',
  u64: 'unsigned long long',
  bool: '_Bool',
  'unsigned int': 'unsigned',
}

export const respelled = hiding('su', (workshop, site) => {
  const member = pickedOf(
    workshop,
    simpleMembers(workshop, site).filter(({ type }) => otherWords[type] !== undefined),
  )
  return {
    what: `${member.name} in other words behind __GENKSYMS__`,
    splices: [instead(member, `\t${otherWords[member.type] ?? ''} ${member.name};`)],
    ...{ does: 'nothing', line: outside },
  }
})

export const guardAlone = hiding('s', (_, site) => {
  const { start } = site.place
  return {
    what: 'a macro behind __GENKSYMS__ in front of it',
    splices: [{ start, end: start, text: `${inside}\n#define KABI_MUTATION 1\n#endif\n\n` }],
    ...{ does: 'nothing', line: inside },
  }
})
