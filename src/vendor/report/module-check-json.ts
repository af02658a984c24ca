import { formatCrc } from '../../abi/export.ts'
import type { Problem } from '../../problem/problem.ts'
import type { Verdict } from '../../judge/verdict.ts'
import type { CheckedModule, ModuleViolation } from '../../module/check-modules.ts'
import { jsonProblem } from '../../report/json/render-json.ts'
import type { ModuleCheckReport, VariantReport } from './module-check-text.ts'
import { moduleViolationTexts } from './module-violation-texts.ts'
import { printJson } from '../../report/json/print-json.ts'

/** A check of modules as JSON (docs/modules.md). Every key is always there, and what does not apply is `null`. */
export function renderModuleCheckJson(report: ModuleCheckReport, tool: Verdict['tool']): string {
  const { check, kernel, whitelist, notes, problems } = report
  return printJson({
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version },
    result: check.result,
    kernel: kernel ?? null,
    whitelist,
    used: check.used,
    protected: check.protected,
    score: check.score,
    modules: check.modules.map((one) => jsonModule(one, report)),
    notes,
    problems: problems.map(jsonProblem),
  })
}

/** Checks of modules against several lists as JSON: what `renderModuleCheckJson` says of each, in `variants`. */
export function renderVariantChecksJson(
  reports: readonly VariantReport[],
  problems: readonly Problem[],
  tool: Verdict['tool'],
): string {
  return printJson({
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version },
    result: reports.every(({ report }) => report.check.result === 'official') ? 'official' : 'violations',
    variants: reports.map(({ variant, report }) => ({
      variant,
      result: report.check.result,
      whitelist: report.whitelist,
      used: report.check.used,
      protected: report.check.protected,
      score: report.check.score,
      modules: report.check.modules.map((one) => jsonModule(one, report)),
    })),
    notes: reports[0]?.report.notes ?? [],
    problems: problems.map(jsonProblem),
  })
}

/** What `renderModuleCheckJson` gives when there was nothing to check. */
export function renderModuleErrorJson(problems: readonly Problem[], tool: Verdict['tool']): string {
  return printJson({
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version },
    result: 'error',
    kernel: null,
    whitelist: null,
    used: null,
    protected: null,
    score: null,
    modules: [],
    notes: [],
    problems: problems.map(jsonProblem),
  })
}

function jsonModule(one: CheckedModule, { justificationFor }: ModuleCheckReport) {
  const { module, used, score, internal, violations } = one
  return {
    file: module.file,
    name: module.name,
    arch: module.arch,
    license: module.info.license ?? null,
    vermagic: module.info.vermagic ?? null,
    used,
    protected: one.protected,
    score,
    internal,
    violations: violations.map((violation) => ({
      ...jsonViolation(violation),
      loads: moduleViolationTexts[violation.kind].loads,
      justification: 'symbol' in violation ? (justificationFor(module.file, violation.symbol) ?? null) : null,
    })),
  }
}

function jsonViolation(violation: ModuleViolation) {
  const { kind } = violation
  const nothing = { kind, symbol: null, built: null, expected: null, by: null, namespace: null }
  switch (violation.kind) {
    case 'not-listed': {
      const { symbol, crc } = violation
      return { ...nothing, symbol, built: crc === undefined ? null : formatCrc(crc) }
    }
    case 'checksum':
    case 'module-layout': {
      const { built, expected } = violation
      return { ...nothing, ...violation, built: formatCrc(built), expected: formatCrc(expected) }
    }
    case 'no-checksum':
      return { ...nothing, ...violation, expected: formatCrc(violation.expected) }
    case 'not-exported':
    case 'gpl-only':
    case 'namespace':
    case 'vermagic':
      return { ...nothing, ...violation }
  }
}
