import { join } from 'node:path'
import type { Collected } from '../abi/evidence.ts'
import type { VariantPlan } from '../config/plan.ts'
import type { BuildFolder, Extracted, Failed } from './build-folder.ts'
import { collectFromSource } from './collect-from-source.ts'
import type { CollectOptions, Sought } from './collect.ts'
import { assumeOptions } from './exports/assumed-options.ts'
import { findExports } from './exports/find-exports.ts'
import { layoutsDigest } from './basis.ts'
import { layoutsOf } from './layouts/layouts-of.ts'
import { whyFullBuild } from './exports/why-full-build.ts'
import { whyTrimmed } from './exports/trimmed-exports.ts'
import { make, makeSettings, type Kbuild } from './make.ts'
import { run } from '../processes/run.ts'

/**
 * Strategy `exports`: lets the kernel's own genksyms compute the checksums of the objects that export the wanted symbols
 * from their preprocessed text; with gendwarfksyms it compiles these objects. Nothing else is compiled or linked but what
 * make needs for that. A wanted symbol that is not among the exports is exported by no enabled object: all of them were
 * searched.
 * @throws the system's error when the work folder cannot be written.
 */
export function collectExports(
  variant: VariantPlan,
  options: CollectOptions,
  sought: Sought,
): Promise<Collected> {
  // Apart from the folder of strategy full: make does not tell of an object that it finds built.
  const folder = join(options.workDir, variant.name, 'exports')
  return collectFromSource(variant, options, 'exports', folder, (kbuild, build) =>
    search(kbuild, build, options, sought),
  )
}

async function search(
  kbuild: Kbuild,
  { output, kept, results, options, files, prepared }: BuildFolder,
  { jobs, onProgress }: CollectOptions,
  { wanted, places = new Map(), layouts }: Sought,
): Promise<Extracted | Failed> {
  const { variant, source, env, signal } = kbuild
  const file = join(output, '.config')
  const unfit = whyFullBuild(options, file) ?? (await whyTrimmed(options, source, wanted, file))
  if (unfit) return { problems: [unfit] }
  if (!prepared) {
    onProgress({ variant: variant.name, phase: 'prepare', done: 0 })
    const call = { output, targets: ['prepare', 'modules_prepare'], jobs }
    const problem = await make(kbuild, call, 'build-failed')
    if (problem) return { problems: [problem] }
  }
  const makeArgs = makeSettings(kbuild, output)
  const assumed = variant.assume && (await assumeOptions(variant.assume, { source, output, files }, options))
  if (assumed && 'kind' in assumed) return { problems: [assumed] }
  const tree = {
    ...{ source, files, output, makeArgs, work: kept, results, env, run, signal, jobs },
    ...(assumed ? { assumed: assumed.header } : {}),
  }
  const found = await findExports(tree, wanted, places, (progress) => {
    if (progress.phase === 'list') onProgress({ variant: variant.name, phase: 'count', done: 0 })
    else onProgress({ ...progress, variant: variant.name })
  })
  if (found.kind === 'not-found') return { problems: found.problems }
  const laidOut = layouts
    ? await layoutsOf(tree, found, layouts, (step) => onProgress({ ...step, variant: variant.name }))
    : undefined
  if (laidOut?.interrupted) return { problems: [laidOut.interrupted] }
  return {
    symvers: { file: source, exports: found.exports },
    objects: found.objects,
    ...(laidOut?.layouts ? { layouts: laidOut.layouts } : {}),
    looked: {
      files: new Set([...found.inputs.seen.files, ...found.othersRead]),
      asksForFiles: found.inputs.seen.asksForFiles,
      layouts: layoutsDigest(layouts),
    },
    notes: [...(assumed ? [assumed.note] : []), ...(laidOut?.notes ?? [])],
  }
}
