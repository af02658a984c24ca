import * as z from 'zod'
import { isSymbolName, parseCrc } from '../abi/export.ts'
import type { Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { readText } from '../io/read-text.ts'
import type { ReportedFinding } from '../judge/waivers-for.ts'
import { variantName } from './variant-name.ts'

/**
 * Reads the failing findings of a JSON report (docs/report.schema.json). Problems, all `unreadable` and without findings:
 * the file cannot be read, or is no such report.
 */
export async function readReport(path: string): Promise<Read<readonly ReportedFinding[]>> {
  const text = await readText(path)
  if (text.problems.length > 0) return { value: [], problems: text.problems }
  const parsed = reportSchema().safeParse(jsonOf(text.value))
  if (!parsed.success) {
    const [first] = parsed.error.issues
    const where = first && first.path.length > 0 ? `, at ${first.path.join('.')}` : ''
    const message = `${quote(path)} is not a JSON report of kabi-gate${where}.`
    const advice = 'Give the file that `kabi-gate check --output report.json` wrote.'
    return { value: [], problems: [{ kind: 'unreadable', message, place: { file: path }, advice }] }
  }
  const value = parsed.data.findings
    .filter(({ severity }) => severity === 'fail')
    .map(({ kind, symbol, variant, baseline, current }) => ({
      kind,
      symbol,
      variant,
      baseline: crcOf(baseline),
      current: crcOf(current),
    }))
  return { value, problems: [] }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reportSchema() {
  const row = z.object({ crc: z.string().nullable() }).nullable()
  const finding = z.object({
    kind: z.string(),
    severity: z.string(),
    variant: z.string().regex(variantName),
    symbol: z.string().refine(isSymbolName),
    baseline: row,
    current: row,
  })
  return z.object({ schemaVersion: z.literal(1), findings: z.array(finding) })
}

function crcOf(row: { readonly crc: string | null } | null): number | undefined {
  return parseCrc(row?.crc ?? '')
}
