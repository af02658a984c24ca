import type { Proof } from './bisect.ts'
import { leftBehind, run, stateOf } from './product.ts'
import type { Workbench } from './workbench.ts'

interface Broken {
  readonly name: string
  readonly symbols: readonly string[]
}

/** What `check --per-commit --json` says of a series (docs/report.schema.json). */
interface Series {
  readonly before: readonly Broken[]
  readonly commits: readonly {
    readonly hash: string
    readonly skipped: string | null
    /** Commits before it that may have done what is said of it. */
    readonly doubtful: readonly string[]
    readonly introduced: readonly Broken[]
    readonly changed: readonly Broken[]
    readonly repaired: readonly Broken[]
  }[]
}

/** Lets the bundle check every commit, and holds what each introduced and repaired against what was dealt out. */
export async function provePerCommit(bench: Workbench): Promise<Proof> {
  const before = stateOf(bench)
  const ended = await run(bench, ['check', '--per-commit', 'good..main', '--json'])
  const { code, stdout, stderr, seconds } = ended
  const { series } = JSON.parse(stdout.startsWith('{') ? stdout : '{}') as { series?: Series | null }
  const wrong = series ? wrongIn(bench, series) : [`exit code ${code}: ${(stdout + stderr).slice(-1000)}`]
  const touched = stateOf(bench) === before ? [] : ['the repository is not as it was']
  return {
    ...{ what: 'each commit by itself', seconds, looked: series?.commits.length ?? 0 },
    wrong: [...wrong, ...touched, ...(await leftBehind(bench, false))],
  }
}

function wrongIn({ plan, history }: Workbench, { before, commits }: Series): readonly string[] {
  const wrong = before.map(({ name }) => `${name} is broken in the older tree`)
  const known = plan.commits.map((planned, at) => {
    const number = at + 1
    const dealt = (of: 'commit' | 'repairedBy'): string =>
      list(plan.breaks.filter((one) => one[of] === number).map(({ part }) => ({ ...part, name: part.type })))
    const doubtful = planned.parents.filter((parent) => plan.commits[parent - 1]?.configures === false)
    return [number, !planned.configures, doubtful.join(), dealt('commit'), '', dealt('repairedBy')]
  })
  const said = commits.map((one) => [
    ...[history.hashes.indexOf(one.hash), one.skipped !== null],
    one.doubtful.map((hash) => history.hashes.indexOf(hash)).join(),
    ...[list(one.introduced), list(one.changed), list(one.repaired)],
  ])
  for (const row of known) {
    const found = said.find(([number]) => number === row[0])
    if (JSON.stringify(found) !== JSON.stringify(row))
      wrong.push(`said of a commit: ${JSON.stringify(found)}; true: ${JSON.stringify(row)}`)
  }
  if (said.length !== known.length) wrong.push(`${said.length} commits, not ${known.length}`)
  return wrong
}

/** Breaks with how many symbols each has. */
function list(breaks: readonly Broken[]): string {
  return breaks
    .map(({ name, symbols }) => `${name} ${new Set(symbols).size}`)
    .sort()
    .join(', ')
}
