import type { Baseline, BaselineFile } from '../abi/baseline.ts'
import type { BlamedOption } from '../abi/blame.ts'
import type { ConfigOptions, Evidence } from '../abi/evidence.ts'
import { isTextValue } from '../abi/mentioned-options.ts'
import type { Problem } from '../problem/problem.ts'
import { compilerFamily } from './compiler-family.ts'
import type { Policy } from './policy.ts'

/** A way in which a build differs from the one behind a whitelist, so that checksums differ without a patch. */
export type BuildDifference =
  | {
      readonly kind: 'architecture' | 'compiler' | 'genksyms'
      readonly baseline: string
      readonly current: string
    }
  | {
      readonly kind: 'configuration'
      readonly option: string
      readonly baseline: string
      readonly current: string
    }

/**
 * Compares the build behind a whitelist with the one behind an evidence. What either does not know is not compared, so
 * a build by somebody else (strategy `prebuilt`) differs in nothing. Neither another version of the same compiler nor
 * another kernel is a difference. An option that a configuration does not know is not set.
 */
export function buildDifferences(
  baseline: Baseline,
  { how, build }: Pick<Evidence, 'how' | 'build'>,
): readonly BuildDifference[] {
  const { arch, compiler, genksyms, options } = baseline
  const differences: BuildDifference[] = []
  if (!build) return differences
  if (arch !== undefined && arch !== build.arch) {
    differences.push({ kind: 'architecture', baseline: arch, current: build.arch })
  }
  if (compiler && how.compiler && compilerFamily(compiler) !== compilerFamily(how.compiler)) {
    differences.push({ kind: 'compiler', baseline: compiler, current: how.compiler })
  }
  if (genksyms !== undefined && genksyms !== build.genksyms) {
    differences.push({ kind: 'genksyms', baseline: genksyms, current: build.genksyms })
  }
  return [...differences, ...optionDifferences(options ?? new Map(), build.options)]
}

function optionDifferences(baseline: ConfigOptions, current: ConfigOptions): readonly BuildDifference[] {
  return [...baseline.keys()].sort().flatMap((option) => {
    const before = baseline.get(option) ?? 'n'
    const now = current.get(option) ?? 'n'
    if (before === now || isTextValue(now)) return []
    return [{ kind: 'configuration', option, baseline: before, current: now }]
  })
}

/** The problem of a `baseline.yml` that belongs to the whitelist of another variant. */
export function foreignBaseline({ file, baseline }: BaselineFile, variant: string): Problem | undefined {
  if (baseline.variant === variant) return undefined
  return {
    kind: 'baseline',
    message: `this is the baseline of variant ${baseline.variant}, beside the whitelist of ${variant}`,
    place: { file },
    advice: 'Put each baseline.yml beside the whitelist that it was written with.',
  }
}

/**
 * What keeps a build from being compared with a whitelist, going by the `baseline.yml` of the latter. A difference
 * between the builds is an error, or a note where the policy says `warn`. Options that the patch itself changed are part of
 * what is to be judged: when the builds differ in nothing else, a note says so.
 * @param byPatch options that are shown to be the patch's doing
 */
export function comparabilityProblems(
  baseline: BaselineFile,
  evidence: Evidence,
  weight: Policy['comparability'],
  byPatch: readonly BlamedOption[] = [],
): readonly Problem[] {
  const foreign = foreignBaseline(baseline, evidence.variant)
  if (foreign) return [foreign]
  const differences = buildDifferences(baseline.baseline, evidence)
  if (differences.length === 0) return []
  const blamed = new Map(byPatch.map((one) => [one.name, one]))
  const isByPatch = (one: BuildDifference): boolean =>
    one.kind === 'configuration' && blamed.get(one.option)?.after === one.current
  if (weight === 'fail' && differences.every(isByPatch)) {
    return [
      {
        kind: 'patch-configures',
        message: `the patch changes ${inWords(differences)}`,
        excerpt: excerptOf(differences, ({ option }) => placesOf(blamed.get(option))),
      },
    ]
  }
  return [
    {
      kind: weight === 'fail' ? 'not-comparable' : 'compared-anyway',
      message: `this kernel differs from the one behind the whitelist in ${inWords(differences)}`,
      place: { file: baseline.file },
      excerpt: excerptOf(differences, () => ''),
      ...(differences.some(ofMachine) ? { speaksOf: 'setup' } : {}),
    },
  ]
}

/** What no commit changes, but whoever builds. */
function ofMachine({ kind }: BuildDifference): boolean {
  return kind === 'architecture' || kind === 'compiler'
}

function placesOf(option: BlamedOption | undefined): string {
  const [line] = option?.patch ?? []
  return line ? `, by ${line.file}:${line.line}` : ''
}

function inWords(differences: readonly BuildDifference[]): string {
  const options = differences.filter(({ kind }) => kind === 'configuration').length
  const words: string[] = differences.flatMap(({ kind }) => (kind === 'configuration' ? [] : [kind]))
  if (options > 0) words.push(`${options} option${options === 1 ? '' : 's'} of the configuration`)
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
}

/** Options that are shown one by one. */
const mostOptions = 10

function excerptOf(
  differences: readonly BuildDifference[],
  remark: (option: Extract<BuildDifference, { readonly kind: 'configuration' }>) => string,
): readonly string[] {
  const options = differences.filter((one) => one.kind === 'configuration')
  const rest = options.length - mostOptions
  return [
    ...differences.filter(({ kind }) => kind !== 'configuration').map(lineOf),
    ...options.slice(0, mostOptions).map((one) => lineOf(one) + remark(one)),
    ...(rest > 0 ? [`and ${rest} more option${rest === 1 ? '' : 's'}`] : []),
  ]
}

function lineOf(difference: BuildDifference): string {
  const name = difference.kind === 'configuration' ? difference.option : difference.kind
  const text = (value: string): string => (difference.kind === 'genksyms' ? value.slice(0, 12) : value)
  return `${name}: baseline ${text(difference.baseline)}, now ${text(difference.current)}`
}
