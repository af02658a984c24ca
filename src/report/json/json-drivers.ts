import { formatCrc } from '../../abi/export.ts'
import type { DriverReason, DriverReport } from '../../judge/drivers.ts'
import type { DriverFinding } from '../../judge/finding.ts'
import { jsonOrigin } from './json-origins.ts'
import { fields } from './print-json.ts'

/** What becomes of the drivers, in the JSON report. */
export function jsonDrivers({ sets, ranks }: DriverReport, broken: readonly DriverFinding[]) {
  return {
    sets: sets.map((set) => fields(set, 'variant', 'drivers', 'broken', 'foreign')),
    broken: broken.map((driver) => ({
      ...fields(driver, 'variant', 'severity', 'name', 'file'),
      reasons: driver.reasons.map(jsonReason),
      causes: driver.causes,
      ...jsonOrigin(driver),
    })),
    ranks: ranks.map(({ about, drivers }) => ({
      cause: 'cause' in about ? about.cause : null,
      symbol: 'symbol' in about ? about.symbol : null,
      drivers,
    })),
  }
}

function jsonReason(reason: DriverReason) {
  return {
    ...fields(reason, 'kind', 'symbol'),
    built: 'built' in reason ? formatCrc(reason.built) : null,
    expected: 'expected' in reason ? formatCrc(reason.expected) : null,
    namespace: 'namespace' in reason ? reason.namespace : null,
  }
}
