import { formatCrc } from '../../abi/export.ts'
import type { Problem } from '../../problem/problem.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { jsonProblem } from '../../report/json/render-json.ts'
import { fields, printJson } from '../../report/json/print-json.ts'
import type { LoadReason } from '../kernels/load-column.ts'
import { allLoad, type LoadMatrix, type LoadMatrixColumn } from '../kernels/load-matrix.ts'
import { stateCounts } from './load-texts.ts'

/**
 * Which modules load on which kernels as JSON (docs/modules.md). Every key is always there, and what does not apply is `null`. The cells of
 * a module stand in the order of the kernels, and name their reasons by their place in `reasons`, from 0.
 */
export function renderLoadMatrixJson(
  matrix: LoadMatrix,
  problems: readonly Problem[],
  tool: Verdict['tool'],
): string {
  return printJson({
    schemaVersion: 1,
    tool: fields(tool, 'name', 'version'),
    result: allLoad(matrix) ? 'loads' : 'violations',
    kernels: matrix.columns.map(jsonKernel),
    modules: matrix.modules.map((module, at) => ({
      ...fields(module, 'file', 'name', 'arch'),
      license: module.info.license ?? null,
      vermagic: module.info.vermagic ?? null,
      cells: matrix.columns.map(({ cells }) => cells[at]),
    })),
    reasons: matrix.reasons.map((reason) => ({
      ...jsonReason(reason),
      causes: matrix.causes.get(reason) ?? [],
    })),
    problems: problems.map(jsonProblem),
  })
}

/** What `renderLoadMatrixJson` gives when there was nothing to check. */
export function renderLoadErrorJson(problems: readonly Problem[], tool: Verdict['tool']): string {
  return printJson({
    schemaVersion: 1,
    tool: fields(tool, 'name', 'version'),
    result: 'error',
    kernels: [],
    modules: [],
    reasons: [],
    problems: problems.map(jsonProblem),
  })
}

function jsonKernel(column: LoadMatrixColumn) {
  const { kernel, sameNames } = column
  return {
    ...fields(kernel, 'file', 'release', 'arch', 'vermagic', 'knows', 'symbols'),
    ...stateCounts(column),
    sameNames,
  }
}

function jsonReason(reason: LoadReason) {
  const crc = (value: number | string | undefined) =>
    typeof value === 'number' ? formatCrc(value) : (value ?? null)
  return {
    kind: reason.kind,
    symbol: 'symbol' in reason ? reason.symbol : null,
    built: crc('built' in reason ? reason.built : undefined),
    expected: crc('expected' in reason ? reason.expected : undefined),
    namespace: 'namespace' in reason ? reason.namespace : null,
    module: 'module' in reason ? reason.module : null,
  }
}
