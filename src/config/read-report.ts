import * as z from 'zod'
import { isSymbolName, parseCrc } from '../abi/export.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { quote } from '../problem/quote.ts'
import { readText } from '../io/read-text.ts'
import type { ReportedFinding, ReportedLayout } from '../judge/waivers-for.ts'
import { isMap } from './config-fault.ts'
import { newerFile } from './newer-file.ts'
import { variantName } from './variant-name.ts'

/** What a JSON report says of the findings that fail, or that only their origin excuses. */
export interface Report {
  readonly findings: readonly (ReportedFinding & { readonly causes: readonly string[] })[]
  /** The definitions that explain them: `struct pci_dev` is the title of one. */
  readonly causes: readonly { readonly id: string; readonly name: string; readonly title: string }[]
  /** Types that moved in memory. */
  readonly layouts: readonly ReportedLayout[]
}

/**
 * Reads the failing findings of a JSON report (docs/report.schema.json). Problems, all `unreadable` and without findings:
 * the file cannot be read, or is no such report.
 */
export async function readReport(path: string): Promise<Read<Report>> {
  const text = await readText(path)
  if (text.problems.length > 0) return { value: nothing, problems: text.problems }
  const content = jsonOf(text.value)
  const newer = newerVersion(content, path)
  if (newer) return { value: nothing, problems: [newer] }
  const parsed = reportSchema().safeParse(content)
  if (!parsed.success) {
    const [first] = parsed.error.issues
    const where = first && first.path.length > 0 ? `, at ${first.path.join('.')}` : ''
    const message = `${quote(path)} is not a JSON report of kabi-gate${where}.`
    const advice = 'Give the file that `kabi-gate check --output report.json` wrote.'
    return { value: nothing, problems: [{ kind: 'unreadable', message, place: { file: path }, advice }] }
  }
  const { findings: all, explanation, layouts } = parsed.data
  const findings = all
    .filter(isBreak)
    .flatMap(({ kind, symbol, variant, sameIn, baseline, current, causes }) =>
      [variant, ...sameIn].map((name) => ({
        kind,
        symbol,
        variant: name,
        baseline: crcOf(baseline),
        current: crcOf(current),
        causes: causes ?? [],
      })),
    )
  const moved = layouts
    .filter(isBreak)
    .map(({ name, variant, digestBefore: before, digestAfter: after }) => ({ name, variant, before, after }))
  return { value: { findings, causes: explanation?.causes ?? [], layouts: moved }, problems: [] }
}

/** What was there before may only warn, and is a break all the same. */
function isBreak({ severity, excused }: { readonly severity: string; readonly excused: boolean }): boolean {
  return severity === 'fail' || excused
}

const nothing: Report = { findings: [], causes: [], layouts: [] }

/** What a newer kabi-gate wrote may mean something else. */
function newerVersion(content: unknown, file: string): Problem | undefined {
  if (!isMap(content)) return undefined
  const { schemaVersion } = content
  if (typeof schemaVersion !== 'number' || schemaVersion <= 1) return undefined
  return newerFile(
    file,
    'report',
    schemaVersion,
    1,
    'run `kabi-gate check --output report.json` with this kabi-gate',
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reportSchema() {
  // Absent in what the first releases wrote.
  const excused = z.boolean().default(false)
  const row = z.object({ crc: z.string().nullable() }).nullable()
  const finding = z.object({
    kind: z.string(),
    severity: z.string(),
    excused,
    variant: z.string().regex(variantName),
    // Absent in what the first releases wrote.
    sameIn: z.array(z.string().regex(variantName)).default([]),
    causes: z.array(z.string()).nullish(),
    symbol: z.string().refine(isSymbolName),
    baseline: row,
    current: row,
  })
  const digest = z.string().regex(/^[0-9a-f]{16}$/)
  const layout = z.object({
    severity: z.string(),
    excused,
    name: z.string(),
    variant: z.string().regex(variantName),
    digestBefore: digest,
    digestAfter: digest,
  })
  const cause = z.object({ id: z.string(), name: z.string(), title: z.string() })
  return z.object({
    schemaVersion: z.literal(1).default(1),
    findings: z.array(finding),
    explanation: z.object({ causes: z.array(cause) }).nullish(),
    // Absent in what the first releases wrote.
    layouts: z.array(layout).default([]),
  })
}

function crcOf(row: { readonly crc: string | null } | null): number | undefined {
  return parseCrc(row?.crc ?? '')
}
