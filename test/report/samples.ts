import type { Blame } from '../../src/abi/blame.ts'
import type { Export, ExportType } from '../../src/abi/export.ts'
import { isError, type Problem } from '../../src/problem/problem.ts'
import type { WhitelistRow } from '../../src/abi/whitelist.ts'
import type { DriverReport } from '../../src/judge/drivers.ts'
import type { GateEdit } from '../../src/judge/gate-edit.ts'
import {
  fails,
  ofFamily,
  type DriverFinding,
  type EditFinding,
  type Finding,
  type SymbolFinding,
} from '../../src/judge/finding.ts'
import type { Severity } from '../../src/judge/policy.ts'
import type { Rule } from '../../src/judge/policy.ts'
import type { Series } from '../../src/judge/series.ts'
import type { SymbolWaiver } from '../../src/judge/waiver.ts'
import type {
  CountingConfiguration,
  Origins,
  Override,
  Reason,
  Result,
  VariantSummary,
  Verdict,
} from '../../src/judge/verdict.ts'

/** The variants of a distribution with ten of them. */
export const tenVariants = [
  'i686',
  'i686PAE',
  'i686xen',
  'ia64',
  'ia64xen',
  'ppc64',
  'ppc64kdump',
  's390x',
  'x86_64',
  'x86_64xen',
] as const

/** What may be said about one side of a sample finding; the rest is filled in. */
export interface Side {
  readonly crc?: number
  readonly module?: string
  readonly type?: ExportType
  readonly namespace?: string
}

type Common = Pick<SymbolFinding, 'symbol' | 'variant' | 'severity'> & {
  readonly rule?: Rule
  readonly waiver?: SymbolWaiver
  readonly blame?: Blame
}

/** A checksum that depends on nothing but a text (FNV-1a). */
export function crcOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

function sideOf(symbol: string, side: Side) {
  return {
    symbol,
    crc: side.crc ?? crcOf(symbol),
    module: side.module ?? 'vmlinux',
    type: side.type ?? 'EXPORT_SYMBOL',
    namespace: side.namespace ?? '',
    line: (crcOf(symbol) % 800) + 1,
  } as const
}

function baselineOf({ symbol, variant }: Common, side: Side): WhitelistRow {
  return { ...sideOf(symbol, side), section: 'el8', file: `whitelists/${variant}/kabi_whitelist` }
}

function currentOf({ symbol, variant }: Common, side: Side): Export {
  return { ...sideOf(symbol, side), file: `build/${variant}/Module.symvers` }
}

export function removed(common: Common, before: Side = {}): SymbolFinding {
  return {
    ...common,
    family: 'symbol',
    kind: 'removed',
    baseline: baselineOf(common, before),
    current: undefined,
  }
}

export function added(common: Common, after: Side = {}): SymbolFinding {
  return {
    ...common,
    family: 'symbol',
    kind: 'added',
    baseline: undefined,
    current: currentOf(common, after),
  }
}

export function differs(
  kind: Exclude<SymbolFinding['kind'], 'removed' | 'added'>,
  common: Common,
  before: Side,
  after: Side,
): SymbolFinding {
  return {
    ...common,
    family: 'symbol',
    kind,
    baseline: baselineOf(common, before),
    current: currentOf(common, after),
  }
}

export function edited(severity: Severity, edit: GateEdit): EditFinding {
  const { variant } = edit
  return {
    ...{ family: 'gate-edit', kind: 'whitelist-edit', severity, edit },
    ...(variant === undefined ? {} : { variant }),
  }
}

export function stopped(driver: Omit<DriverFinding, 'family' | 'kind'>): DriverFinding {
  return { family: 'driver', kind: 'driver', ...driver }
}

/** A symbol whose checksum depends on the words given, before and after. */
export function changed(symbol: string, variant: string, words = '', side: Side = {}): SymbolFinding {
  return differs(
    'changed',
    { symbol, variant, severity: 'fail' },
    { ...side, crc: crcOf(`${symbol} ${words} before`) },
    { ...side, crc: crcOf(`${symbol} ${words} after`) },
  )
}

interface Parts {
  readonly variants?: readonly string[]
  readonly silent?: Readonly<Record<string, string>>
  readonly findings?: readonly Finding[]
  readonly problems?: readonly Problem[]
  readonly override?: Override
  readonly policy?: string
  readonly unusedRules?: readonly Rule[]
  readonly drivers?: DriverReport
  readonly series?: Series
  readonly configuration?: CountingConfiguration
  readonly origins?: Origins
}

const protectedSymbols = 860

/** A verdict whose result, reasons and summaries follow from its findings and problems. */
export function verdictOf(parts: Parts): Verdict {
  const { variants = ['x86_64'], silent = {}, findings = [], problems = [], override } = parts
  const errors = problems.filter(isError)
  const symbols = ofFamily(findings, 'symbol')
  const broken = findings.some(fails)
  const result: Result = errors.length > 0 ? 'error' : !broken ? 'pass' : override ? 'overridden' : 'break'
  return {
    schemaVersion: 1,
    tool: { name: 'kabi-gate', version: '0.1.0' },
    result,
    date: '2026-11-29',
    reasons: reasonsOf(problems, symbols),
    override,
    policy: parts.policy ?? 'strict',
    variants: [
      ...variants.map((name, index) => summaryOf(name, index, symbols, errors)),
      ...Object.entries(silent).map(([name, reason]) => silentSummary(name, reason)),
    ],
    findings,
    problems,
    unusedRules: parts.unusedRules ?? [],
    ...(parts.drivers ? { drivers: parts.drivers } : {}),
    ...(parts.series ? { series: parts.series } : {}),
    ...(parts.configuration ? { configuration: parts.configuration } : {}),
    ...(parts.origins ? { origins: parts.origins } : {}),
  }
}

function summaryOf(
  name: string,
  index: number,
  findings: readonly SymbolFinding[],
  errors: readonly Problem[],
): VariantSummary {
  const own = findings.filter(({ variant }) => variant === name)
  const count = (severity: SymbolFinding['severity']) =>
    own.filter((finding) => finding.severity === severity).length
  const failed = errors.some(({ variant }) => variant === name)
  const all = Math.max(protectedSymbols, own.length)
  return {
    name,
    arch: name.replace(/PAE|xen|kdump/, ''),
    result: failed ? 'error' : count('fail') > 0 ? 'break' : 'pass',
    protected: all,
    compared: failed ? 0 : all,
    added: failed ? 0 : 11_000 + index,
    exports: failed ? 0 : 11_000 + index + all,
    findings: { fail: count('fail'), warn: count('warn'), ignore: count('ignore') },
    whitelist: `whitelists/${name}/kabi_whitelist`,
    how: failed ? undefined : { strategy: 'prebuilt', seconds: 0.2 + index / 10 },
  }
}

function silentSummary(name: string, noPromiseReason: string): VariantSummary {
  return {
    name,
    arch: undefined,
    result: 'no-promise',
    noPromiseReason,
    protected: 0,
    compared: 0,
    added: 0,
    exports: 0,
    findings: { fail: 0, warn: 0, ignore: 0 },
    whitelist: undefined,
    how: undefined,
  }
}

function reasonsOf(problems: readonly Problem[], findings: readonly SymbolFinding[]): Reason[] {
  const entries = [
    ...problems.map((problem) => ({
      weight: isError(problem) ? ('error' as const) : ('note' as const),
      about: { problem: problem.kind },
      variant: problem.variant,
    })),
    ...findings.flatMap(({ severity, kind, variant }) =>
      severity === 'ignore' ? [] : [{ weight: severity, about: { finding: kind }, variant }],
    ),
  ]
  const weights = ['error', 'fail', 'warn', 'note'] as const
  const keyOf = ({ weight, about }: Pick<Reason, 'weight' | 'about'>) => weight + JSON.stringify(about)
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()]
    .map(({ weight, about }) => {
      const same = entries.filter((entry) => keyOf(entry) === keyOf({ weight, about }))
      const variants = [...new Set(same.flatMap(({ variant }) => variant ?? []))]
      return { weight, about, count: same.length, variants }
    })
    .sort((a, b) => weights.indexOf(a.weight) - weights.indexOf(b.weight))
}

/** So many changed symbols in one variant. */
export function manyChanged(count: number, variant: string, words = ''): SymbolFinding[] {
  return Array.from({ length: count }, (_, index) =>
    changed(`kabi_symbol_${String(index).padStart(4, '0')}`, variant, words),
  )
}
