import { join } from 'node:path'
import { nothingRecorded } from '../abi/baseline.ts'
import type { Collected, Evidence } from '../abi/evidence.ts'
import { makeBaseline } from '../abi/make-baseline.ts'
import { objectsBySymbol } from '../abi/objects-by-symbol.ts'
import { selectRows } from '../abi/select-rows.ts'
import type { Whitelist, WhitelistRow } from '../abi/whitelist.ts'
import type { Guarded } from '../baseline/read-guard.ts'
import { missingForStrategy } from '../config/missing-for-collect.ts'
import type { VariantPlan } from '../config/plan.ts'
import { decompress } from '../io/decompress.ts'
import { makeFolder } from '../io/make-folder.ts'
import { writeFileSafely } from '../io/write-file.ts'
import type { Problem, Read } from '../problem/problem.ts'
import { evidenceContent } from '../whitelists/evidence-content.ts'
import { notBuiltHere } from '../whitelists/released-kernel.ts'

/**
 * Takes for promised what the kernel of a commit exports. How it was configured is part of what is compared.
 *
 * Problems, without a value: those of a kernel that could not be collected, with the commit's name in front.
 * @param names the symbols that matter; absent: every export
 * @param from the commit, as somebody named it
 */
export async function promisedAt(
  collected: Collected,
  variant: VariantPlan | undefined,
  names: Whitelist | undefined,
  { from, workDir }: { readonly from: string; readonly workDir: string },
): Promise<Read<Guarded | undefined>> {
  if (collected.kind === 'failure' || !variant) {
    const problems = collected.kind === 'failure' ? collected.problems : []
    return {
      value: undefined,
      problems: problems.map((one) => ({ ...one, message: `${from}: ${one.message}` })),
    }
  }
  const { rows } = selectRows(collected.symvers, names)
  const whitelist: Whitelist = {
    file: from,
    dialect: 'canonical',
    rows: rows.map((row) => ({ ...row, file: from })),
  }
  const { value, problems } = await typesOf(collected, rows)
  const types = join(workDir, variant.name, 'from.symtypes')
  await makeFolder(join(workDir, variant.name))
  const unwritten = value ? await writeFileSafely(types, value) : undefined
  const { unseenBodies } = makeBaseline(collected, undefined, undefined)
  const guarded: Guarded = {
    variant: { ...variant, guard: { kind: 'stable', whitelist: { kind: 'files', files: { path: from } } } },
    whitelist,
    isBuild: true,
    baseline: { file: from, baseline: { ...nothingRecorded, variant: variant.name, unseenBodies } },
    ...(value ? { types } : {}),
    objects: objectsBySymbol(collected.build),
    problems: [],
  }
  return { value: guarded, problems: [...collected.notes, ...problems, ...(unwritten ? [unwritten] : [])] }
}

/** The types behind some rows, and perhaps others. Those of evidence that was kept are there as they were sent. */
async function typesOf(
  collected: Evidence,
  rows: readonly WhitelistRow[],
): Promise<Read<Uint8Array | undefined>> {
  const sent = collected.build?.sent?.types
  if (!sent) {
    const { value, problems } = await evidenceContent(collected, rows, describe)
    return { value: value.types, problems }
  }
  const unpacked = await decompress(sent.bytes, mostTypes)
  if (unpacked.kind === 'bytes') return { value: unpacked.bytes, problems: [] }
  const problem: Problem = {
    kind: 'bad-evidence',
    message: `These types ${unpacked.reason}.`,
    place: { file: sent.file },
    advice: 'Remove the file, and run it again.',
  }
  return { value: undefined, problems: [problem] }
}

/** Several times the types of every export of a kernel. */
const mostTypes = 256 * 1024 * 1024

/** Nothing of the configuration is held against the second commit's. */
function describe(): Promise<Read<undefined>> {
  return Promise.resolve({ value: undefined, problems: [] })
}

/** The problem of a variant that cannot be built of a commit. */
export function unbuildable(variant: VariantPlan): Problem | undefined {
  return variant.strategy === 'prebuilt'
    ? notBuiltHere(
        variant.name,
        'Leave it out with --variant, or compare two finished builds: `kabi-gate compare OLD/Module.symvers NEW/Module.symvers`.',
      )
    : missingForStrategy(variant)
}
