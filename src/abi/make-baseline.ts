import type { Baseline, TreeIdentity } from './baseline.ts'
import type { ConfigOptions, Evidence } from './evidence.ts'
import { printable } from '../problem/quote.ts'

/**
 * Says how the checksums of an evidence came about, for the whitelist that is made of them.
 * @param source which kernel tree that was, as `treeIdentity` says
 * @param options the configuration as far as the checksums may depend on it, as `relevantOptions` says
 */
export function makeBaseline(
  { variant, how, build }: Evidence,
  source: TreeIdentity | undefined,
  options: ConfigOptions | undefined,
): Baseline {
  return {
    variant,
    arch: build?.arch,
    kernel: build?.kernel,
    source,
    compiler: how.compiler && printable(how.compiler),
    genksyms: build?.genksyms,
    configDigest: how.configDigest,
    options,
    unseenBodies: unseenBodies(build),
  }
}

/** Of all objects together; not known when it is not known of one. */
function unseenBodies(build: Evidence['build']): readonly string[] | undefined {
  const unseen = [...(build?.objects?.values() ?? [])].map((record) => record.unseen)
  if (unseen.length === 0 || unseen.includes(undefined)) return undefined
  return [...new Set(unseen.flatMap((names) => names ?? []))].sort()
}
