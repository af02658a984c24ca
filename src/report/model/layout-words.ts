import type { CauseLayout } from '../../abi/cause.ts'
import { definitionTitle } from '../../abi/explain/definition-title.ts'
import type { ChangedLayout } from '../../abi/layouts/compare-all-layouts.ts'
import { breaksModules, type LayoutClass, type LayoutDifference } from '../../abi/layouts/layout-change.ts'
import type { HiddenProof, LayoutFinding } from '../../judge/finding.ts'
import { andMore, counted } from '../words.ts'
import { arrow, code, join, say, text, type Words } from './span.ts'
import { variantsInWords } from './variant-words.ts'

/** What a report says about a class of changes in memory: a few words, and what it does to a driver of the release. */
export const layoutTexts: Readonly<
  Record<LayoutClass, { readonly title: string; readonly meaning: string }>
> = {
  moved: {
    title: 'member moved',
    meaning: 'A driver of the release reads and writes the wrong place.',
  },
  removed: {
    title: 'member gone',
    meaning: 'A driver of the release reads and writes what something else has now.',
  },
  'bit-field': {
    title: 'bit-field moved',
    meaning: 'A driver of the release tests and sets the wrong bits.',
  },
  retyped: {
    title: 'member of another type',
    meaning: 'A driver of the release takes what is there for something else.',
  },
  size: {
    title: 'size changed',
    meaning:
      'A driver of the release that allocates, embeds, copies or counts through an array of it works with the old size.',
  },
  alignment: {
    title: 'alignment changed',
    meaning:
      'What embeds the type may have it at another place, and a driver of the release allocates it at any.',
  },
  grown: {
    title: 'grew at the end',
    meaning:
      'All that was in it is where it was. A driver of the release that allocates or copies it has too little of it, and what embeds it moves.',
  },
  enumerator: {
    title: 'enumerator of another value',
    meaning: 'The old value is compiled into the drivers of the release.',
  },
  prototype: {
    title: 'another prototype',
    meaning: 'A driver of the release calls the function, or reads the variable, as what it was.',
  },
  added: {
    title: 'new member',
    meaning: 'What stood there moved or is gone, or it stands behind the old end.',
  },
  'in-hole': { title: 'new member in a hole', meaning: 'Nothing moved.' },
  'in-padding': { title: 'new member in the padding at the end', meaning: 'Nothing moved.' },
  'in-union': { title: 'new member beside others of a union', meaning: 'Nothing moved.' },
  replaced: {
    title: 'reserved place used',
    meaning: 'Size and neighbours are those of the release.',
  },
  'new-enumerator': {
    title: 'new enumerator',
    meaning: 'The values of the release stay.',
  },
}

/** One change, with the member that it is about. */
export function differenceWords({ class: what, member, before = '', after = '' }: LayoutDifference): Words {
  const name = member === undefined ? [] : [code(member)]
  const [old, now, place] = [text(before), text(after), text(placeIn(after))]
  switch (what) {
    case 'moved':
    case 'bit-field':
      return say`${name} moved from byte ${old} to ${now}`
    case 'removed':
      return say`${name} is gone from byte ${old}`
    case 'retyped':
      return say`${join([name, 'was'], ' ')} ${code(inC(before))} and is ${code(inC(after))}`
    case 'size':
      return say`${join([name, 'size'], ' ')} ${old} ${arrow} ${now} bytes`
    case 'grown':
      return say`grew at its end from ${old} to ${now} bytes`
    case 'alignment':
      return say`alignment ${old} ${arrow} ${now} bytes`
    case 'enumerator':
      return after === '' ? say`${name} (${old}) is gone` : say`${name} was ${old} and is ${now}`
    case 'prototype':
      return say`was ${code(inC(before))} and is ${code(inC(after))}`
    case 'replaced':
      return say`${code(placeIn(after))} took the place of ${name}`
    case 'new-enumerator':
      return say`${name} = ${now} is new`
    case 'added':
      return say`${name} is new, at byte ${place}`
    case 'in-hole':
      return say`${name} fits a hole, at byte ${place}`
    case 'in-padding':
      return say`${name} fits the padding at the end, at byte ${place}`
    case 'in-union':
      return say`${name} fits beside others of a union, at byte ${place}`
  }
}

/** `struct device *` for `s#device *`. */
export function inC(type: string): string {
  const words: Readonly<Record<string, string>> = { s: 'struct ', u: 'union ', e: 'enum ', t: '' }
  return type.replace(/\b([sute])#/g, (_, letter: string) => words[letter] ?? '')
}

/** What stands before the type of a new member: its place, or its name. */
function placeIn(after: string): string {
  return after.split(' ')[0] ?? ''
}

const mostDifferences = 3

/**
 * What changed of a type in memory, the gravest first: `size 2624 → 2632 bytes; 77 members moved, dma_parms first, from byte 416 to 424`.
 * For no difference at all: `nothing moved`.
 */
export function differencesWords(differences: readonly LayoutDifference[]): Words {
  if (differences.length === 0) return ['nothing moved']
  const whole = differences.filter(({ member }) => member === undefined)
  const moved = differences.filter(isMoved)
  const others = differences.filter((one) => one.member !== undefined && !isMoved(one))
  const shown = others.slice(0, mostDifferences)
  const [first] = moved
  const movedWords = first
    ? moved.length === 1
      ? differenceWords(first)
      : say`${moved.length} members moved, ${code(first.member ?? '')} first, from byte ${text(first.before ?? '')} to ${text(first.after ?? '')}`
    : []
  const harmless = differences.some(breaksModules) ? '' : 'nothing moved'
  const more = others.length - shown.length
  return join(
    [
      ...whole.map(differenceWords),
      movedWords,
      ...shown.map(differenceWords),
      more > 0 ? counted(more, 'more change') : '',
      harmless,
    ],
    '; ',
  )
}

/** Bits that are as many as before moved as any member does. */
function isMoved({ class: what, before = '', after = '' }: LayoutDifference): boolean {
  const width = (place: string) => place.split('+')[1]
  return what === 'moved' || (what === 'bit-field' && width(before) === width(after))
}

/** How a definition that changed checksums lies in memory now. */
export function causeLayoutWords(layout: CauseLayout | undefined): Words {
  return layout ? differencesWords(layout.differences) : ['not known']
}

const mostEmbedding = 3

/** The types that hold a changed one: `in struct pci_dev (2624 → 2632 bytes) and 20 more`; empty when there are none. */
export function embeddingWords(embedding: readonly ChangedLayout[]): Words {
  if (embedding.length === 0) return []
  const shown = embedding.slice(0, mostEmbedding).map(({ name, layout }) => {
    const { before, after } = layout
    const sizes =
      typeof before === 'string' || typeof after === 'string' || before.size === after.size
        ? ''
        : say` (${before.size} ${arrow} ${after.size} bytes)`
    return say`${code(definitionTitle(name))}${sizes}`
  })
  return say`held by ${join(shown, ', ')}${andMore(embedding.length - shown.length)}`
}

/** All that a finding says of a type: what changed, and what holds it. */
export function layoutWords({ differences, embedding }: LayoutFinding): Words {
  return join([differencesWords(differences), embeddingWords(embedding)], '; ')
}

const mostSymbols = 3

/** `3 symbols, 2 of them with the checksum of the release: a, b`. */
export function reachWords({ symbols, untold }: LayoutFinding): Words {
  if (symbols.length === 0) return ['symbols that are not known']
  const count = counted(symbols.length, 'symbol')
  if (untold.length === 0) return [count]
  const names = join(
    untold.slice(0, mostSymbols).map((name) => text(name)),
    ', ',
  )
  const part =
    untold.length === symbols.length
      ? symbols.length === 1
        ? 'with the checksum of the release'
        : 'all with the checksum of the release'
      : `${untold.length} of them with the checksum of the release`
  return say`${count}, ${part}: ${names}${andMore(untold.length - mostSymbols)}`
}

/** What the layouts of types tell of a line that hides a change. */
export function proofWords(proof: HiddenProof): Words {
  switch (proof.kind) {
    case 'moves':
      return say`moves memory of ${titles(proof.types)}`
    case 'harmless':
      return proof.types.length === 0
        ? ['proven harmless: nothing that is promised moved']
        : say`proven harmless: it fits into ${titles(proof.types)}`
    case 'no-baseline':
      return say`layout not known: run ${code('kabi-gate whitelist enrich')} for ${variantsInWords(proof.variants, [])}`
    case 'no-build':
      return say`layout not known in ${variantsInWords(proof.variants, [])}`
    case 'off':
      return ['layout not looked at: the policy has layouts: off']
  }
}

function titles(names: readonly string[]): Words {
  const shown = names.slice(0, mostEmbedding).map((name) => code(definitionTitle(name)))
  return say`${join(shown, ', ')}${andMore(names.length - shown.length)}`
}
