import type { DifferenceKind } from '../abi/compare.ts'
import { definitionTitle } from '../abi/explain/definition-title.ts'

/** Kinds of findings that a waiver can excuse: those in which two known rows differ, or one is gone. */
export const waivableKinds = [
  'changed',
  'removed',
  'export-type',
  'announced',
  'namespace',
  'moved',
] as const satisfies readonly DifferenceKind[]

export type WaivableKind = (typeof waivableKinds)[number]

/** A reviewed exception: one kind of finding, bound to exactly what is there before and after. What breaks next is not excused. */
export type Waiver = SymbolWaiver | LayoutWaiver

/** About one kind of finding of one symbol. */
export interface SymbolWaiver extends WaiverTerms {
  readonly kind: WaivableKind
  readonly symbol: string
  /** The checksum on the whitelist. */
  readonly from: number
  /** The checksum of the build. */
  readonly to: number | 'removed'
}

/** About a type that lies in memory otherwise than in the release, or a symbol that is something else. */
export interface LayoutWaiver extends WaiverTerms {
  readonly kind: 'layout'
  /** `s#device`, or the name of a symbol. */
  readonly name: string
  /** Digests of its layout in the release and in the build; see `LocatedLayout`. */
  readonly from: string
  readonly to: string
}

interface WaiverTerms {
  readonly variants: 'all' | readonly string[]
  readonly reason: string
  /** Who answers for it. */
  readonly owner: string
  readonly ticket?: string
  /** Its last day, `2027-01-31`, in UTC. */
  readonly expires: string
  readonly file: string
  readonly line: number
}

/** What a waiver is about, for a reader: a symbol, or `struct device`. */
export function waivedSubject(waiver: Waiver | NewWaiver): string {
  return waiver.kind === 'layout' ? layoutSubject(waiver.name) : waiver.symbol
}

/** `struct device`, as a file of waivers names a type; a symbol by its name. */
export function layoutSubject(name: string): string {
  return name.includes('#') ? definitionTitle(name) : name
}

/** A waiver that stands in no file yet. */
export type NewWaiver = Omit<SymbolWaiver, 'file' | 'line'> | Omit<LayoutWaiver, 'file' | 'line'>

/** The waivers that the configuration names, and the day on which they are looked at. */
export interface Waivers {
  readonly list: readonly Waiver[]
  /** `2027-01-31`, in UTC. */
  readonly today: string
  /** False when the run was narrowed to some variants or symbols, so that a waiver may have its finding elsewhere. */
  readonly complete: boolean
}

/** True once its last day is over. */
export function isExpired({ expires }: Pick<Waiver, 'expires'>, today: string): boolean {
  return expires < today
}
