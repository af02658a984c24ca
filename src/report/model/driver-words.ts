import { formatCrc } from '../../abi/export.ts'
import type { DriverRank, DriverReason, DriverSet } from '../../judge/drivers.ts'
import type { DriverFinding } from '../../judge/finding.ts'
import type { Explained } from './explained.ts'
import { counted } from '../words.ts'
import { say, text, type Words } from './span.ts'

/** Why a driver no longer loads, in a few words. */
function reasonWords(reason: DriverReason): Words {
  const symbol = text(reason.symbol)
  switch (reason.kind) {
    case 'checksum':
    case 'module-layout':
      return say`${symbol} ${formatCrc(reason.built)} -> ${formatCrc(reason.expected)}`
    case 'no-checksum':
      return say`${symbol} built without a checksum`
    case 'not-exported':
      return say`${symbol} not exported`
    case 'namespace':
      return say`${symbol} in namespace ${text(reason.namespace)}`
    case 'gpl-only':
      return say`${symbol} GPL-only`
  }
}

/** The first reason of a driver, and how many more it has. */
export function reasonsInWords({ reasons }: DriverFinding): Words {
  const [first] = reasons
  const left = reasons.length - 1
  const words = first ? reasonWords(first) : []
  return left > 0 ? say`${words} and ${left} more` : words
}

/** The causes of a driver's reasons, by the numbers that the report gives them: `causes 1, 3`. */
export function causeNumbers({ causes }: DriverFinding, why: Explained | undefined): string {
  const numbers = causes.flatMap((id) => why?.byId.get(id)?.number ?? []).sort((a, b) => a - b)
  if (numbers.length === 0) return ''
  return `${numbers.length === 1 ? 'cause' : 'causes'} ${numbers.join(', ')}`
}

/** What stops drivers: `cause 1: struct device`, or the name of a symbol. */
export function rankWords({ about }: DriverRank, why: Explained | undefined): Words {
  if ('symbol' in about) return say`symbol ${text(about.symbol)}`
  const view = why?.byId.get(about.cause)
  return view ? say`cause ${view.number}: ${text(view.title)}` : say`cause ${text(about.cause)}`
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
