import { expect } from 'vitest'
import { deviceHeader, patchedHeader, releaseTinyKernel } from '../support/tiny-kernel.ts'
import { repository } from '../workflow-runner/distro.ts'
import type { Run } from '../workflow-runner/run.ts'
import type { World } from '../workflow-runner/world.ts'
import { complaints, job, only, ran, required, type Story } from './story.ts'

const releaseBranch = 'release/6.1'

/** A kernel of which kabi-gate looks at the sources. */
const world = {
  kernel: (folder: string) =>
    releaseTinyKernel(folder, { files: { 'drivers/other.c': 'int other;\n' }, symbols: [] }),
}

const harmless = { 'drivers/other.c': 'int another;\n' }
const harmful = { [deviceHeader]: patchedHeader }

/** A push to the release branch, whose workflow leaves evidence of it. */
async function released(
  { hub, distro }: World,
  why = 'Because.',
): Promise<{ readonly commit: string; readonly run: Run }> {
  const { commit, runs } = await distro.push(releaseBranch, { 'Documentation/why.rst': `${why}\n` })
  await hub.settle()
  const run = only(runs)
  // This kernel cannot be built in full, which the workflow does beside.
  expect(hub.checksOn(commit)).toMatchObject({ 'kabi-evidence / verdict': 'success' })
  return { commit, run }
}

const names = {
  plan: 'kabi-gate / plan',
  verdict: 'kabi-gate / verdict',
  collect: 'kabi-gate / collect x86_64',
}

export const taken: Story = {
  name: 'a pull request that cannot change a variant is two short jobs, which take the evidence of the release branch',
  world,
  async tell(its) {
    const { hub, distro } = its
    const { commit, run: first } = await released(its)
    // What is run again leaves it again.
    hub.rerun(first, 'all', 'mia')
    await hub.settle()
    expect(hub.checksOn(commit)).toMatchObject({ 'kabi-evidence / verdict': 'success' })
    // A later push has left none.
    const { run: later } = await released(its, 'Why not?')
    for (const one of hub.artifacts.of(later.id)) hub.artifacts.remove(one)
    const { pull, runs } = await distro.openPullRequest({ into: releaseBranch, edit: harmless })
    await hub.settle()
    const run = only(runs)
    expect(complaints(run)).toEqual([])
    expect(ran(run)).toEqual([names.plan, names.verdict])
    expect(required(its, pull.head)).toBe('success')
    expect(
      hub.fetched.filter((one) => one.run === run.id && one.repository === repository && one.whole),
    ).toEqual([])
    expect(job(run, names.plan).log).toMatch(
      /x86_64 +no +evidence of [\da-f]{12} holds, \d files? changed since/,
    )
    expect(job(run, names.verdict).summary).toContain(commit.slice(0, 12))
  },
}

export const collected: Story = {
  name: 'a pull request that may change a variant collects it, and is judged by that',
  world,
  async tell(its) {
    const { hub, distro } = its
    const { run } = await released(its)
    expect(hub.caches.map((one) => [one.run, one.ref])).toEqual([[run.id, `refs/heads/${releaseBranch}`]])
    const { pull, runs } = await distro.openPullRequest({ into: releaseBranch, edit: harmful })
    await hub.settle()
    // A patch leaves nothing for others.
    expect(hub.caches).toHaveLength(1)
    expect(hub.caches[0]?.restoredBy).toEqual([only(runs).id])
    expect(ran(only(runs))).toContain(names.collect)
    expect(required(its, pull.head)).toBe('failure')
    expect(job(only(runs), names.verdict).summary).toContain('probe_cookie')
  },
}
