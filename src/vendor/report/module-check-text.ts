import type { CheckedModule, ModulesCheck, ModuleViolation } from '../../module/check-modules.ts'
import { violationKinds } from '../../module/check-modules.ts'
import type { KernelModule } from '../../module/kernel-module.ts'
import type { Problem } from '../../problem/problem.ts'
import { printable } from '../../report/escape.ts'
import { moduleViolationTexts, violationDetail } from './module-violation-texts.ts'
import {
  hang,
  joinBlocks,
  labelled,
  layoutOf,
  unpainted,
  type Layout,
} from '../../report/text/text-layout.ts'
import { counted } from '../../report/words.ts'

/** A check of modules, and what it was held against, as a report names it. */
export interface ModuleCheckReport {
  readonly check: ModulesCheck
  readonly version: string
  readonly kernel: string | undefined
  readonly whitelist: string
  /** Notes on what was read. */
  readonly problems: readonly Problem[]
  /** What the distribution says beside a result. */
  readonly notes: readonly string[]
  /** Why a module needs a symbol, where its vendor has said it. */
  readonly justificationFor: (module: string, symbol: string) => string | undefined
}

/** A check against the list of one variant. */
export interface VariantReport {
  readonly variant: string
  readonly report: ModuleCheckReport
}

/** Checks against several lists for a terminal: first which list is for which module, then the check against each. */
export function renderVariantChecksText(
  reports: readonly VariantReport[],
  options: { readonly color: boolean; readonly width?: number },
): string {
  const variants = new Map<KernelModule, string[]>()
  for (const { variant, report } of reports)
    for (const { module } of report.check.modules)
      variants.set(module, [...(variants.get(module) ?? []), variant])
  const lines = [...variants].map(([{ file, arch, info }, names]) => {
    const release = info.vermagic?.split(' ')[0] ?? ''
    const built = [arch, ...(release === '' ? [] : [release])].map((text) => printable(text)).join(', ')
    return `${printable(file)} was built for ${built}: checked against ${names.map((name) => printable(name)).join(', ')}`
  })
  return joinBlocks([
    lines,
    // What the distribution wants to be said with every answer is said once, behind the last.
    ...reports.map(({ report }, index) => {
      const notes = index === reports.length - 1 ? report.notes : []
      return [renderModuleCheckText({ ...report, notes }, options).trimEnd()]
    }),
  ])
}

const title = 'kabi-gate module check'

/** A check of modules for a terminal, in the layout of RHEL 5's ABI checker, module by module. */
export function renderModuleCheckText(
  report: ModuleCheckReport,
  options: { readonly color: boolean; readonly width?: number },
): string {
  const layout = layoutOf(options)
  const { check, version, notes } = report
  return joinBlocks([
    ...check.modules.flatMap((one, index) => {
      const heading = index === 0 ? [layout.paint.bold(title), '-'.repeat(title.length)] : []
      const versionLine = index === 0 ? [`ABI Checker version: ${version}`] : []
      return [[...heading, ...versionLine, ...headerLines(one, report)], ...resultBlocks(one, report, layout)]
    }),
    ...(check.modules.length > 1 ? [[totalLine(check)]] : []),
    ...(notes.length > 0
      ? [notes.flatMap((note) => hang('NOTE: ', printable(note), layout.width, unpainted))]
      : []),
  ])
}

function headerLines({ module }: CheckedModule, { kernel, whitelist }: ModuleCheckReport): string[] {
  return [
    `Module: ${printable(module.file)}`,
    `Kernel: ${kernel === undefined ? 'not named' : printable(kernel)}`,
    `Whitelist: ${printable(whitelist)}`,
  ]
}

function resultBlocks(one: CheckedModule, report: ModuleCheckReport, layout: Layout): string[][] {
  const { paint } = layout
  const official = paint.green('NOTE: Your module seems to use only official ABI.')
  const blocks = violationKinds.flatMap((kind) => {
    const those = one.violations.filter((violation) => violation.kind === kind)
    if (those.length === 0) return []
    const { warning, advice } = moduleViolationTexts[kind]
    return [
      [
        ...warning.map((line) => paint.yellow(`WARNING: ${line}`)),
        ...those.flatMap((violation) => violationLines(violation, one, report)),
        ...labelled('help', advice, layout),
      ],
    ]
  })
  const { used, protected: onList, score, internal } = one
  const left = internal === 0 ? '' : `; ${counted(internal, 'symbol')} of the other modules left out`
  const scoreLine = `Score: ${score} % (${onList} of ${counted(used, 'kernel symbol')} on the whitelist${left})`
  return [...(blocks.length === 0 ? [[official]] : blocks), [scoreLine]]
}

function violationLines(
  violation: ModuleViolation,
  { module }: CheckedModule,
  { justificationFor }: ModuleCheckReport,
): string[] {
  const detail = printable(violationDetail(violation))
  if (!('symbol' in violation)) return [`flags: ${detail}`]
  const { symbol } = violation
  const why = justificationFor(module.file, symbol)
  return [
    `symbol: ${printable(symbol)}${detail === '' ? '' : `  ${detail}`}`,
    ...(why === undefined ? [] : [`  justification: ${printable(why)}`]),
  ]
}

function totalLine({ modules, used, protected: onList, score }: ModulesCheck): string {
  const bad = modules.filter(({ violations }) => violations.length > 0).length
  const result =
    bad === 0
      ? 'all use only official ABI'
      : `${bad} of them ${bad === 1 ? 'uses' : 'use'} more than official ABI`
  return `${counted(modules.length, 'module')}: ${result}; score ${score} % (${onList} of ${counted(used, 'kernel symbol')})`
}
