import { compiledTruth } from './compiled-truth.ts'
import { jointly, judge, type Joint, type Judgement } from './judge-case.ts'
import type { Case } from './kinds.ts'
import { check, type Report } from './product.ts'
import { isRight, type Row } from './results.ts'
import { withEdits, type Workbench } from './workbench.ts'

/**
 * Cases that go into the tree together, because none changes what is true about another: no file, no definition and no
 * restricted export in common. Each is judged by its own symbols, causes and lines.
 */
export function batchesOf(cases: readonly Case[], size: number): readonly (readonly Case[])[] {
  const batches: Case[][] = []
  for (const one of cases) {
    const fits = (batch: readonly Case[]): boolean =>
      batch.length < size && batch.every((other) => areIndependent(other, one))
    const batch = batches.find(fits)
    if (batch) batch.push(one)
    else batches.push([one])
  }
  return batches
}

function areIndependent(a: Case, b: Case): boolean {
  if (a.kind.alone || b.kind.alone || a.kind.family !== b.kind.family) return false
  const files = new Set(a.draft.edits.map(({ file }) => file))
  const symbols = new Set(
    a.kind.family === 'types' ? [] : a.draft.expected.findings.map(({ symbol }) => symbol),
  )
  return (
    b.draft.edits.every(({ file }) => !files.has(file)) &&
    b.draft.expected.findings.every(({ symbol }) => !symbols.has(symbol)) &&
    [...(b.draft.rewrites?.keys() ?? [])].every((name) => !a.draft.rewrites?.has(name))
  )
}

/** What the rows of a run have in common. */
export interface RunOptions {
  readonly seed: string
  /** Whether a case is compiled too. */
  readonly compiles: (one: Case) => boolean
  /** Gets each row once it is certain. */
  readonly done: (row: Row) => void
}

/** Makes the edits, lets the bundle check them, and judges each; what looks wrong in company is tried in a smaller one, at last alone. */
export async function runBatch(bench: Workbench, batch: readonly Case[], options: RunOptions): Promise<void> {
  const started = Date.now()
  const drafts = batch.map(({ draft }) => draft)
  const edits = drafts.flatMap((draft) => draft.edits)
  const joint = jointly(bench, drafts)
  const compiled = new Map<Case, readonly string[]>()
  const report = await withEdits(bench, edits, async () => {
    const told = await check(bench, edits).catch((error: unknown) => String(error))
    for (const one of batch.filter(options.compiles)) {
      const wrong = await compiledTruth(bench, one.draft, joint)
      if (wrong) compiled.set(one, wrong)
    }
    return told
  })
  const seconds = Math.round((Date.now() - started) / 1000)
  const rows = batch.map((one): [Case, Row] => {
    const { right, wrong } = judged(report, one, joint)
    const against = compiled.get(one)
    const row: Row = {
      ...{ variant: bench.variant, seed: options.seed, number: one.number, kind: one.kind.name },
      ...{ what: one.draft.what, together: batch.length, right, wrong: [...wrong, ...(against ?? [])] },
      result: typeof report === 'string' ? 'none' : report.result,
      ...(against ? { compiled: against.length === 0 } : {}),
      ...{ bundle: bench.bundle, seconds, date: new Date().toISOString() },
    }
    return [one, row]
  })
  const doubtful: Case[] = []
  for (const [one, row] of rows) {
    if (batch.length === 1 || isRight(row)) options.done(row)
    else doubtful.push(one)
  }
  // One wrong case makes others in its company look wrong.
  const half = Math.ceil(doubtful.length / 2)
  for (const part of [doubtful.slice(0, half), doubtful.slice(half)])
    if (part.length > 0) await runBatch(bench, part, options)
}

function judged(report: Report | string, one: Case, joint: Joint): Judgement {
  if (typeof report !== 'string') return judge(report, one, joint)
  return { right: { verdict: false, set: false, cause: null, class: null, line: null }, wrong: [report] }
}
