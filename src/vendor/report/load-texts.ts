import { isLoadObstacle, type LoadReason, type LoadState } from '../kernels/load-column.ts'
import type { SameName } from '../depmod/same-names.ts'
import type { LoadMatrix, LoadMatrixColumn } from '../kernels/load-matrix.ts'
import type { KernelNames } from '../kernels/read-kernel.ts'
import { andMore, counted } from '../../report/words.ts'
import { violationDetail } from './module-violation-texts.ts'

/** What a report says about a module on a kernel. */
interface LoadStateText {
  /** In a cell. */
  readonly word: string
  readonly meaning: string
}

export const loadStateTexts: Readonly<Record<LoadState, LoadStateText>> = {
  built: { word: 'loads', meaning: 'built for this kernel' },
  fits: {
    word: 'fits',
    meaning: 'built for another release, and would load on this one, as weak-modules links it',
  },
  refused: { word: 'no', meaning: 'this kernel would refuse it' },
  unknown: { word: '?', meaning: 'not known: what is known of this kernel does not say' },
}

/** What keeps modules from loading, worded to stand in front of what is known about it. */
export const loadReasonTitles: Readonly<Record<LoadReason['kind'], string>> = {
  checksum: 'another checksum',
  'no-checksum': 'built without the checksum',
  'not-exported': 'not exported',
  namespace: 'namespace not imported',
  'gpl-only': 'for GPL-compatible modules only',
  vermagic: 'other flags',
  'module-layout': 'another struct module',
  arch: 'another machine',
  needs: 'needs another module that does not load',
  'not-told': 'nothing known of it',
}

/** The symbol that a reason is about, or empty, and what is known about it. */
export function loadReasonParts(reason: LoadReason): { readonly symbol: string; readonly detail: string } {
  const symbol = 'symbol' in reason ? reason.symbol : ''
  if (isLoadObstacle(reason)) return { symbol, detail: violationDetail(reason) }
  switch (reason.kind) {
    case 'arch':
      return { symbol, detail: `built for ${reason.built}, kernel for ${reason.expected}` }
    case 'needs':
      return { symbol, detail: reason.module }
    case 'not-told':
      return { symbol, detail: '' }
  }
}

/** A kernel by its release, otherwise by the file that tells of it. */
export function kernelName({ release, file }: KernelNames): string {
  return release ?? file
}

/** `exports 24618 symbols`, `promises 1125 symbols`. */
export function kernelKnows({ knows, symbols }: KernelNames): string {
  return `${knows} ${counted(symbols, 'symbol')}`
}

const mostCauses = 3

/** The definitions behind a checksum, to stand behind it: `, because of struct device and 2 more`. */
export function causesText(titles: readonly string[] = []): string {
  const shown = titles.slice(0, mostCauses)
  return titles.length === 0 ? '' : `, because of ${shown.join(', ')}${andMore(titles.length - shown.length)}`
}

/** What was not compared for want of it. */
export function kernelLacks({ knows, vermagic, release }: KernelNames): readonly string[] {
  return [
    ...(vermagic === undefined ? ['flags'] : []),
    ...(release === undefined ? ['release'] : []),
    ...(knows === 'promises' ? ['symbols that are not on the list'] : []),
  ]
}

/** How many modules of a column are in each state. */
export function stateCounts({ cells }: LoadMatrixColumn): Readonly<Record<LoadState, number>> {
  const counts = { built: 0, fits: 0, refused: 0, unknown: 0 }
  for (const { state } of cells) counts[state]++
  return counts
}

/** The sentence that says how a check ended. */
export function loadVerdict({ modules, columns }: LoadMatrix): string {
  const failing = modules.filter((_, index) =>
    columns.some(({ cells }) => ['refused', 'unknown'].includes(cells[index]?.state ?? 'unknown')),
  ).length
  const on = columns.length === 1 ? 'the kernel' : `all ${counted(columns.length, 'kernel')}`
  return failing === 0
    ? `${counted(modules.length, 'module')}: would load on ${on}`
    : `${failing} of ${counted(modules.length, 'module')} would not, or may not, load on ${on}`
}

/** What there is to say of a driver whose name a kernel has already, a sentence each. */
export function sameNameTexts(
  { installed, builtIn, placed, search }: SameName,
  name: string,
): readonly string[] {
  const [first] = installed
  if (builtIn) return [`${name} is built into this kernel, so no module of that name is loaded.`]
  const folders = (fits: (path: string, wins: readonly string[]) => boolean) =>
    placed
      .filter(({ path, wins }) => fits(path, wins))
      .map(({ path }) => path.slice(0, path.lastIndexOf('/')))
  const won = folders((path, wins) => wins.includes(path) && wins.length === 1)
  const either = folders((path, wins) => wins.includes(path) && wins.length > 1)
  const lost = folders((path, wins) => !wins.includes(path))
  const outcomes = [
    ...(won.length > 0 ? [`the driver from ${won.join(' and ')}`] : []),
    ...(lost.length > 0 ? [`the installed module if the driver is in ${lost.join(' or ')}`] : []),
    ...(either.length > 0
      ? [`the one that it reads first or last if the driver is in ${either.join(' or ')}`]
      : []),
  ]
  const last = [...either, ...lost].at(-1)
  return [
    `${name} is installed as ${first ?? ''}${andMore(installed.length - 1)}.`,
    `With search ${search.join(' ')}, depmod takes ${outcomes.join(', and ')}.`,
    ...(last === undefined ? [] : [`To have the driver from there: override ${name} * ${last}`]),
  ]
}
