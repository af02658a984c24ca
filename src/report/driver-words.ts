import { formatCrc } from '../abi/export.ts'
import type { DriverRank, DriverReason, DriverSet } from '../judge/drivers.ts'
import type { DriverFinding } from '../judge/finding.ts'
import type { Explained } from './explained.ts'
import { counted } from './words.ts'

/** Why a driver no longer loads, in a few words; every name in it is untrusted. */
export function reasonWords(reason: DriverReason): string {
  switch (reason.kind) {
    case 'checksum':
    case 'module-layout':
      return `${reason.symbol} ${formatCrc(reason.built)} -> ${formatCrc(reason.expected)}`
    case 'no-checksum':
      return `${reason.symbol} built without a checksum`
    case 'not-exported':
      return `${reason.symbol} not exported`
    case 'namespace':
      return `${reason.symbol} in namespace ${reason.namespace}`
    case 'gpl-only':
      return `${reason.symbol} GPL-only`
  }
}

/** The first reason of a driver, and how many more it has. */
export function reasonsInWords({ reasons }: DriverFinding): string {
  const [first] = reasons
  const left = reasons.length - 1
  return `${first ? reasonWords(first) : ''}${left > 0 ? ` and ${left} more` : ''}`
}

/** The causes of a driver's reasons, by the numbers that the report gives them: `causes 1, 3`. */
export function causeNumbers({ causes }: DriverFinding, why: Explained | undefined): string {
  const numbers = causes.flatMap((id) => why?.byId.get(id)?.number ?? []).sort((a, b) => a - b)
  if (numbers.length === 0) return ''
  return `${numbers.length === 1 ? 'cause' : 'causes'} ${numbers.join(', ')}`
}

/** What stops drivers: `cause 1: struct device`, or the name of a symbol. Untrusted. */
export function rankWords({ about }: DriverRank, why: Explained | undefined): string {
  if ('symbol' in about) return `symbol ${about.symbol}`
  const view = why?.byId.get(about.cause)
  return view ? `cause ${view.number}: ${view.title}` : `cause ${about.cause}`
}

/** `2 of 12 drivers would no longer load; 1 driver, built for another kernel, is not judged`. */
export function setWords({ drivers, broken, foreign }: DriverSet): string {
  const load = drivers - broken - foreign.length
  const what =
    broken === 0
      ? `${load} of ${counted(drivers, 'driver')} still load`
      : `${broken} of ${counted(drivers, 'driver')} would no longer load`
  if (foreign.length === 0) return what
  return `${what}; not judged: ${foreign.length}, built for another kernel`
}
