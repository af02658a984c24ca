import type { BlamedOption } from '../abi/blame.ts'
import { isOpaque } from '../abi/ksymtypes.ts'
import type { Cause, PatchLine } from '../abi/cause.ts'
import type { Evidence, ObjectRecord } from '../abi/evidence.ts'
import type { Explained } from '../abi/explain/merge-explanations.ts'
import type { Patch } from '../abi/patch.ts'
import type { Read } from '../problem/problem.ts'
import { layoutChanges } from '../kernel/layouts/layout-changes.ts'
import { findDefinitions, type WantedDefinition } from './locate/find-definitions.ts'
import { fixOf } from './locate/fix-lines.ts'
import { hasKabiMacros } from './locate/kabi-headers.ts'
import { linesOfOptions } from './locate/option-lines.ts'
import { patchLinesOf } from './locate/patch-lines.ts'
import { reservedNear } from './locate/reserved-near.ts'
import { openSourceTexts } from './locate/source-texts.ts'
import { scrubbedEnvironment } from '../processes/scrubbed-environment.ts'

/** Files with debug information: a vmlinux, an object or a module of the released kernel, and of this one. */
export interface DebugInfo {
  readonly before: string
  readonly after: string
}

/** Where to look for causes. */
export interface LocateOptions {
  /** The kernel tree that the evidences come from, an absolute path. */
  readonly source: string
  /** What changed in it, where that is known. */
  readonly patch: Patch | undefined
  readonly debugInfo?: DebugInfo | undefined
  /** The options of the configuration that the patch changed, as far as they are recorded. */
  readonly options?: readonly BlamedOption[]
  readonly signal: AbortSignal
}

/**
 * Adds to each cause where its definition stands in the tree, which lines of the patch changed it, what a structure still
 * has in reserve, and how its layout changed; and whether the kernel has macros for such changes. What cannot be found is left out.
 *
 * Problems: those of `layoutChanges`, all notes.
 */
export async function locateCauses(
  explained: Explained,
  evidences: readonly Evidence[],
  { source, patch, debugInfo, options = [], signal }: LocateOptions,
): Promise<Read<Explained>> {
  const { explanation, causesOf } = explained
  const texts = evidences.flatMap(({ build }) => [...(build?.texts ?? [])])
  const sources = openSourceTexts(source, new Map(texts))
  const recordOf = recordFinder(evidences)
  const aggregates = explanation.causes.map(({ name }) => name).filter((name) => /^[su]#/.test(name))
  const layouts =
    debugInfo && (await layoutChanges(debugInfo.before, debugInfo.after, aggregates, session(signal)))
  const causes: Cause[] = []
  for (const batch of batchesOfDistinctNames(explanation.causes)) {
    const filesOf = new Map(batch.map((cause) => [cause, recordOf(cause)?.dependencies ?? []]))
    const wanted = batch.map((cause): WantedDefinition => {
      const text = isOpaque(cause.after) ? cause.before : cause.after
      return { name: cause.name, text, files: filesOf.get(cause) ?? [] }
    })
    const found = await findDefinitions(sources, wanted)
    for (const cause of batch) {
      const definition = found.get(cause.name)
      const files = filesOf.get(cause) ?? []
      const reserved = definition && /^[su]#/.test(cause.name) && reservedNear(definition.place, sources)
      const own = patch ? patchLinesOf(cause, definition, { patch, sources, files }) : []
      const lines: readonly PatchLine[] =
        own.length > 0 || !definition
          ? own
          : linesOfOptions(
              sources.text(sources.pathOf(definition.scope.file)) ?? '',
              definition.scope,
              options,
            )
      const layout = layouts?.value.get(cause.name)
      const located: Cause = {
        ...cause,
        ...(layout ? { layout } : {}),
        ...(definition ? { place: definition.place } : {}),
        ...(lines.length > 0 ? { patch: lines } : {}),
        ...(reserved ? { reserved } : {}),
      }
      const fix = fixOf(located, sources)
      causes.push(fix ? { ...located, fix } : located)
    }
  }
  const ranks = new Map(explanation.causes.map(({ id }, rank) => [id, rank]))
  causes.sort((a, b) => (ranks.get(a.id) ?? 0) - (ranks.get(b.id) ?? 0))
  // SUSE reserves without a macro.
  const kabiMacros = causes.some(({ reserved }) => reserved) || hasKabiMacros(sources)
  const located = { ...explanation, causes, ...(kabiMacros === undefined ? {} : { kabiMacros }) }
  return { value: { explanation: located, causesOf }, problems: layouts?.problems ?? [] }
}

function session(signal: AbortSignal) {
  return { env: scrubbedEnvironment(process.env), signal }
}

/** Objects may have different definitions of one name; those are looked for one after the other. */
function batchesOfDistinctNames(causes: readonly Cause[]): readonly (readonly Cause[])[] {
  const batches: Cause[][] = []
  const seen = new Map<string, number>()
  for (const cause of causes) {
    const place = seen.get(cause.name) ?? 0
    seen.set(cause.name, place + 1)
    ;(batches[place] ??= []).push(cause)
  }
  return batches
}

/** Makes a finder of the object whose exports come by a cause: that of the example symbol. */
function recordFinder(evidences: readonly Evidence[]): (cause: Cause) => ObjectRecord | undefined {
  const byVariant = new Map(
    evidences.map(({ variant, build }) => {
      const records = [...(build?.objects?.values() ?? [])]
      return [
        variant,
        new Map(records.flatMap((record) => record.exports.map((name) => [name, record] as const))),
      ]
    }),
  )
  return ({ reach, chain: [symbol = ''] }) => {
    const first = byVariant.get(reach[0]?.variant ?? '')?.get(symbol)
    if (first) return first
    for (const records of byVariant.values()) {
      const record = records.get(symbol)
      if (record) return record
    }
    return undefined
  }
}
