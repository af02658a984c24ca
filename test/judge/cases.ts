import { nothingRecorded, type Baseline } from '../../src/abi/baseline.ts'
import type { Export, ExportType } from '../../src/abi/export.ts'
import type { Evidence } from '../../src/abi/evidence.ts'
import type { WhitelistRow } from '../../src/abi/whitelist.ts'
import type { Case } from '../../src/judge/decide.ts'
import { stableGuard, type VariantCase } from '../../src/judge/variant-case.ts'
import { presetPolicy } from '../../src/judge/policy.ts'

/** What of an export a test names. */
export interface Columns {
  readonly crc?: number
  readonly module?: string
  readonly type?: ExportType
  readonly namespace?: string
}

/** An export as a build gives it; what a test does not name is ordinary. */
export function exported(symbol: string, columns: Columns = {}): Export {
  return {
    symbol,
    crc: columns.crc ?? 0x11111111,
    module: columns.module ?? 'vmlinux',
    type: columns.type ?? 'EXPORT_SYMBOL',
    namespace: columns.namespace ?? '',
    file: 'Module.symvers',
    line: 1,
  }
}

/** A baseline of which nothing is recorded but its variant. */
export const unrecorded: Baseline = { variant: 'x86_64', ...nothingRecorded }

/** The same as a promise. */
export function promised(symbol: string, columns: Columns = {}): WhitelistRow {
  return { ...exported(symbol, columns), section: '', file: 'kabi_whitelist', line: 1 }
}

export function evidence(variant: string, exports: readonly Export[]): Evidence {
  return {
    kind: 'evidence',
    variant,
    symvers: { file: 'Module.symvers', exports },
    how: { strategy: 'prebuilt', seconds: 0 },
    notes: [],
  }
}

export function variantCase(
  rows: readonly WhitelistRow[],
  exports: readonly Export[],
  name = 'x86_64',
): VariantCase {
  return {
    name,
    arch: 'x86_64',
    guard: stableGuard({
      whitelist: { file: 'kabi_whitelist', dialect: 'canonical', rows },
      collected: evidence(name, exports),
    }),
    problems: [],
  }
}

export function runCase(variants: readonly VariantCase[], rest: Partial<Case> = {}): Case {
  return {
    tool: { name: 'kabi-gate', version: '0.0.0' },
    policy: presetPolicy('strict'),
    variants,
    override: undefined,
    problems: [],
    ...rest,
  }
}
