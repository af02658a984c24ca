import type { KernelBuild } from './evidence.ts'

/** The object that exports each symbol of a build, `net/core/dev.o`; empty where its objects are not known. */
export function objectsBySymbol(build: KernelBuild | undefined): ReadonlyMap<string, string> {
  return new Map(
    [...(build?.objects ?? [])].flatMap(([object, { exports }]) =>
      exports.map((symbol) => [symbol, object] as const),
    ),
  )
}
