/**
 * The ways in which a patch can change what guards it.
 *
 * - `row-added`: a new row that the build does not bear out. One that it does is no edit.
 * - `row-changed`, `row-removed`, `column-dropped`: a promise is another, or gone.
 * - `list-unreadable`, `config-unreadable`: nothing could be read any more, so nothing would be checked.
 * - `baseline-changed`: what a build must have in common with the one behind the whitelist.
 * - `variant-dropped`, `promise-withdrawn`: a whole variant is no longer checked.
 * - `drivers-dropped`: some drivers are no longer asked whether they load.
 * - `build-changed`: the kernel would be configured or built in another way than the one that was checked.
 * - `runner-changed`: the variant would be built on other machines, which the patch may have brought along.
 * - `weight-lowered`, `comparability-lowered`, `rule-added`, `rule-removed`, `rules-reordered`: findings weigh less.
 * - `layouts-off`: nobody would look at the layouts of types any more.
 * - `waiver-added`, `waiver-extended`: an exception that nobody reviewed yet.
 * - `protection-removed`: the disable flag would be accepted where it was refused.
 */
export type GateEditKind =
  | 'row-added'
  | 'row-changed'
  | 'row-removed'
  | 'column-dropped'
  | 'list-unreadable'
  | 'config-unreadable'
  | 'baseline-changed'
  | 'variant-dropped'
  | 'promise-withdrawn'
  | 'drivers-dropped'
  | 'build-changed'
  | 'runner-changed'
  | 'weight-lowered'
  | 'comparability-lowered'
  | 'layouts-off'
  | 'rule-added'
  | 'rule-removed'
  | 'rules-reordered'
  | 'waiver-added'
  | 'waiver-extended'
  | 'protection-removed'

/** One thing that the patch changes in the configuration, a whitelist or the waivers. */
export interface GateEdit {
  readonly kind: GateEditKind
  /** What it is about: a symbol, a setting such as `policy.kinds.changed`, a rule, a variant. */
  readonly subject: string
  readonly variant?: string
  readonly before?: string
  readonly after?: string
  /** Of the patched tree, or, of what is gone there, of the base. */
  readonly file: string
  readonly line?: number
}
