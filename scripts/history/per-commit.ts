import { run } from './product.ts'
import type { Proof } from './bisect.ts'
import type { Workbench } from './workbench.ts'

/** What `check --per-commit --json` says of one commit. */
interface CommitReport {
  readonly hash: string
  readonly introduced: readonly string[]
  readonly repaired: readonly string[]
}

/** Lets the bundle check every commit, and holds what each introduced and repaired against what was dealt out. */
export async function provePerCommit(bench: Workbench): Promise<Proof> {
  const { code, stdout, stderr, seconds } = await run(bench, [
    'check',
    '--per-commit',
    'good..main',
    '--json',
  ])
  const { series } = JSON.parse(stdout.startsWith('{') ? stdout : '{}') as {
    series?: readonly CommitReport[]
  }
  const wrong = series ? wrongInSeries(bench, series) : [`exit code ${code}: ${stderr.slice(-1000)}`]
  return { what: 'each commit by itself', seconds, looked: series?.length ?? 0, wrong }
}

function wrongInSeries({ plan, history }: Workbench, series: readonly CommitReport[]): readonly string[] {
  return plan.commits.flatMap(({ configures }, at): readonly string[] => {
    const number = at + 1
    const found = series.find(({ hash }) => hash === history.hashes[number])
    if (!found) return [`commit ${number} is not in the series`]
    if (!configures) return []
    const typesOf = (of: 'commit' | 'repairedBy'): string =>
      plan.breaks
        .filter((one) => one[of] === number)
        .map(({ part }) => part.type)
        .sort()
        .join(' ')
    const [introduced, repaired] = [found.introduced, found.repaired].map((names) =>
      names.toSorted().join(' '),
    )
    return [
      ...(introduced === typesOf('commit')
        ? []
        : [`commit ${number} introduces ${introduced}, not ${typesOf('commit')}`]),
      ...(repaired === typesOf('repairedBy')
        ? []
        : [`commit ${number} repairs ${repaired}, not ${typesOf('repairedBy')}`]),
    ]
  })
}
