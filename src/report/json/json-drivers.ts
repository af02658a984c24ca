import { formatCrc } from '../../abi/export.ts'
import type { DriverReason, DriverReport } from '../../judge/drivers.ts'
import type { DriverFinding } from '../../judge/finding.ts'

/** What becomes of the drivers, in the JSON report. */
export function jsonDrivers({ sets, ranks }: DriverReport, broken: readonly DriverFinding[]) {
  return {
    sets: sets.map(({ variant, drivers, broken: count, foreign }) => ({
      variant,
      drivers,
      broken: count,
      foreign,
    })),
    broken: broken.map(jsonBroken),
    ranks: ranks.map(({ about, drivers }) => ({
      cause: 'cause' in about ? about.cause : null,
      symbol: 'symbol' in about ? about.symbol : null,
      drivers,
    })),
  }
}

function jsonBroken({ variant, severity, name, file, reasons, causes }: DriverFinding) {
  return { variant, severity, name, file, reasons: reasons.map(jsonReason), causes }
}

function jsonReason(reason: DriverReason) {
  const { kind, symbol } = reason
  return {
    kind,
    symbol,
    built: 'built' in reason ? formatCrc(reason.built) : null,
    expected: 'expected' in reason ? formatCrc(reason.expected) : null,
    namespace: 'namespace' in reason ? reason.namespace : null,
  }
}
