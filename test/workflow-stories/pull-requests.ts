import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { commitAll, git } from '../support/git.ts'
import { addedField, deviceHeader, patchedHeader, releaseTinyKernel } from '../support/tiny-kernel.ts'
import { writeFiles } from '../support/workspace.ts'
import { broken, released } from '../support/copying-kernel.ts'
import { kabiYml, type World } from '../workflow-runner/world.ts'
import { checks, complaints, job, label, only, ran, required, type Story } from './story.ts'

const edit = { 'net/core.c': 'int flags;\n' }
const into = 'release/6.1'

export const clean: Story = {
  name: 'a clean pull request is green, on its head commit, without a comment or a warning',
  async tell(world) {
    const { hub, distro } = world
    const { pull, runs } = await distro.openPullRequest({ into, edit })
    await hub.settle()
    const run = only(runs)
    expect(hub.checksOn(pull.head)).toEqual(checks('success'))
    expect(hub.checksOn(run.sha)).toEqual({})
    expect(complaints(run)).toEqual([])
    expect(distro.comments).toEqual([])
    const kept = ['evidence', 'report'].map((what) => `kabi-${what}-${run.sha}`)
    expect(hub.artifacts.of(run.id).map(({ name }) => name)).toEqual([`${kept[0] ?? ''}-x86_64`, kept[1]])
    expect(hub.artifacts.of(run.id).map(({ expires }) => daysFrom(hub.clock.now(), expires))).toEqual([
      30, 30,
    ])
    expect(job(run, 'kabi-gate / verdict').summary).toMatch(/kabi-gate: PASS/)
    // What a hosted machine lacks is installed on that which builds, and only there.
    expect(world.installed().match(/^install .* -- .*\bbison\b.*$/gm)).toHaveLength(1)
    expect(world.api.requests.filter((line) => !line.endsWith(' 200'))).toEqual([])
  },
}

function daysFrom(now: Date, then: Date): number {
  return Math.round((then.getTime() - now.getTime()) / (24 * 60 * 60_000))
}

export const repair: Story = {
  name: 'a break is red until it is repaired, and red again after a force push that breaks; one comment follows',
  async tell(world) {
    const { hub, distro } = world
    const base = await hub.git.tip('distro/linux', into)
    const { pull } = await distro.openPullRequest({ into, edit: { exports: broken } })
    const first = pull.head
    await hub.settle()
    expect(hub.checksOn(first)).toEqual(checks('failure'))
    expect(distro.comments.map(({ body }) => body)).toEqual([expect.stringContaining('kabi-gate: BREAK')])
    expect(distro.comments[0]?.body).toContain('pci_enable_device')

    await distro.pushTo(pull, { exports: released, ...edit })
    const second = pull.head
    await hub.settle()
    expect(hub.checksOn(second)).toEqual(checks('success'))
    expect(hub.checksOn(first)).toEqual(checks('failure'))
    expect(distro.comments[0]?.body).toContain('kabi-gate: PASS')

    const third = only(await distro.pushTo(pull, { exports: broken }, { onto: base }))
    await hub.settle()
    expect(hub.checksOn(pull.head)).toEqual(checks('failure'))
    expect(job(third, 'kabi-gate / verdict').annotations[0]?.message).toMatch(/1 protected symbol changed/)
    expect(distro.comments.map(({ body }) => body)).toEqual([expect.stringContaining('kabi-gate: BREAK')])
  },
}

export const labels: Story = {
  name: 'a break passes with a maintainer’s label, not with the author’s, and not after another push; nothing is built for a label',
  async tell(world) {
    const { hub, distro } = world
    const { pull } = await distro.openPullRequest({ into, edit: { exports: broken } })
    await hub.settle()
    const first = pull.head
    const byAuthor = only(await distro.label(pull, label, 'pat'))
    await hub.settle()
    expect(hub.checksOn(first)).toMatchObject(checks('failure', 'skipped'))
    expect(job(byAuthor, 'kabi-gate / verdict').summary).toMatch(/pat set it on a pull request of their own/)

    await distro.unlabel(pull, label, 'pat')
    await hub.settle()
    const byMaintainer = only(await distro.label(pull, label, 'mia'))
    await hub.settle()
    expect(hub.checksOn(first)).toMatchObject(checks('success', 'skipped'))
    expect(job(byMaintainer, 'kabi-gate / verdict').outputs).toEqual({
      verdict: 'overridden',
      breaking: 'true',
    })
    expect(distro.comments.at(-1)?.body).toMatch(/OVERRIDDEN/)

    await distro.unlabel(pull, label, 'mia')
    await hub.settle()
    expect(required(world, first)).toBe('failure')
    await distro.label(pull, label, 'mia')
    await hub.settle()

    await distro.pushTo(pull, edit)
    await hub.settle()
    expect(hub.checksOn(pull.head)).toEqual(checks('failure'))
    expect(required(world, first)).toBe('success')
  },
}

export const reopened: Story = {
  name: 'a pull request that is opened again is judged again, and not built again',
  async tell({ hub, distro }) {
    const { pull } = await distro.openPullRequest({ into, edit })
    await hub.settle()
    const again = only(await distro.reopen(pull, 'pat'))
    await hub.settle()
    expect(ran(again)).toEqual(['kabi-gate / plan', 'kabi-gate / verdict'])
    expect(hub.checksOn(pull.head)).toMatchObject(checks('success', 'skipped'))
  },
}

export const expired: Story = {
  name: 'a label that is set when the evidence has expired builds again',
  async tell({ hub, distro }) {
    const { pull } = await distro.openPullRequest({ into, edit: { exports: broken } })
    await hub.settle()
    hub.clock.advance(31 * 24 * 60)
    await distro.label(pull, label, 'mia')
    await hub.settle()
    expect(hub.checksOn(pull.head)).toEqual(checks('success'))
  },
}

export const retarget: Story = {
  name: 'a label counts for the base it was given for: a retarget starts a run that is red, until the label is set again',
  async tell(world) {
    const { hub, distro } = world
    const { pull } = await distro.openPullRequest({ into: 'devel', edit: { exports: broken } })
    await hub.settle()
    await distro.label(pull, label, 'mia')
    await hub.settle()
    expect(required(world, pull.head)).toBe('success')

    const moved = await distro.retarget(pull, into, 'pat')
    await hub.settle()
    expect(required(world, pull.head)).toBe('failure')
    only(moved)

    await distro.unlabel(pull, label, 'mia')
    await hub.settle()
    await distro.label(pull, label, 'mia')
    await hub.settle()
    expect(required(world, pull.head)).toBe('success')
  },
}

export const fork: Story = {
  name: 'a pull request from a fork is judged with a token that only reads; a label counts only in the run that it starts',
  async tell(world) {
    const { hub, distro } = world
    const { pull, runs } = await distro.openPullRequest({ into, edit: { exports: broken }, fromFork: true })
    await hub.settle()
    const run = only(runs)
    expect(hub.checksOn(pull.head)).toEqual(checks('failure'))
    expect(distro.comments).toEqual([])
    expect(complaints(run).filter((line) => line.includes('comment'))).toEqual([
      expect.stringContaining('token of a pull request from a fork'),
    ])
    await distro.label(pull, label, 'mia')
    await hub.settle()
    expect(required(world, pull.head)).toBe('success')
    hub.rerun(run, 'failed', 'pat')
    await hub.settle()
    expect(required(world, pull.head)).toBe('failure')
  },
}

export const queue: Story = {
  name: 'of two entries of a merge queue each has its check on its own group, and an approved break waits until nothing is before it',
  async tell(world) {
    const { hub, distro } = world
    const first = await distro.openPullRequest({ into, edit })
    const second = await distro.openPullRequest({ into, edit: { exports: broken } })
    await hub.settle()
    await distro.label(second.pull, label, 'mia')
    await hub.settle()
    const { heads, runs } = await distro.queue([first.pull, second.pull])
    await hub.settle()
    const [ahead = '', behind = ''] = heads
    expect(hub.checksOn(ahead)).toEqual(checks('success'))
    expect(hub.checksOn(behind)).toEqual(checks('failure'))
    const [, waiting] = runs
    if (!waiting) throw new Error('no run for the second group')
    expect(job(waiting, 'kabi-gate / verdict').summary).toMatch(/stand before it in the merge queue/)

    await hub.git.git('distro/linux', 'update-ref', `refs/heads/${into}`, ahead)
    hub.rerun(waiting, 'failed', 'mia')
    await hub.settle()
    expect(hub.checksOn(behind)).toEqual(checks('success'))
  },
}

export const ownInputs: Story = {
  name: 'a caller has its own configuration, key and roles, and machines that need no packages',
  async tell(world) {
    const { hub, distro } = world
    const tip = await hub.git.tip('distro/linux', into)
    const path = '.github/workflows/pull-request.yml'
    const text = (await hub.git.read('distro/linux', `${tip}:${path}`)) ?? ''
    const inputs = [
      'config: kabi-cloud.yml',
      'comment: always',
      'comment-key: cloud',
      'override-roles: write',
      "packages: ''",
    ]
    const caller = `${text.trimEnd()}\n${inputs.map((line) => `      ${line}\n`).join('')}`
    // Without the configuration that is named there is none.
    const moved = {
      [path]: caller,
      'kabi.yml': undefined,
      'kabi-cloud.yml': kabiYml,
    }
    const base = await hub.git.commit('distro/linux', `refs/heads/${into}`, tip, moved, 'own inputs')
    const { pull } = await distro.openPullRequest({ into, edit })
    await hub.settle()
    expect(base).not.toBe(tip)
    expect(hub.checksOn(pull.head)).toEqual(checks('success'))
    expect(distro.comments.map(({ body }) => body)).toEqual([expect.stringMatching(/key=cloud .*\n.*PASS/)])
    expect(world.installed()).toBe('')

    await distro.pushTo(pull, { exports: broken })
    await hub.settle()
    expect(required(world, pull.head)).toBe('failure')
    distro.roles['wu'] = 'write'
    await distro.label(pull, label, 'wu')
    await hub.settle()
    expect(required(world, pull.head)).toBe('success')
  },
}

/** Puts a kernel on the branch whose types are known, with a workflow that makes suggestions, and compilers on the machines. */
async function suggestsForTinyKernel({ hub }: World): Promise<void> {
  const path = '.github/workflows/pull-request.yml'
  const text =
    (await hub.git.read('distro/linux', `${await hub.git.tip('distro/linux', into)}:${path}`)) ?? ''
  const folder = join(hub.folder, 'tiny-kernel')
  await releaseTinyKernel(folder)
  writeFiles(folder, { [path]: `${text.trimEnd()}\n      suggestions: true\n      packages: ''\n` })
  commitAll(folder, 'suggestions')
  git(folder, 'push', '--quiet', '--force', hub.git.path('distro/linux'), `HEAD:refs/heads/${into}`)
  for (const tool of ['gcc', 'nm', 'ld', 'ar', 'objcopy']) rmSync(join(hub.image, tool))
}

export const suggestions: Story = {
  name: 'a field that fits a hole gets a suggestion at its line, once; applied, it is green and the suggestion is gone; a fork gets none',
  async tell(world) {
    const { hub, distro } = world
    await suggestsForTinyKernel(world)
    const { pull } = await distro.openPullRequest({ into, edit: { [deviceHeader]: patchedHeader } })
    await hub.settle()
    expect(hub.checksOn(pull.head)).toEqual(checks('failure'))
    const suggested = ['#ifndef __GENKSYMS__', addedField, '#endif'].join('\n')
    const one = { issue: pull.number, path: deviceHeader, line: 4, commit_id: pull.head }
    expect(distro.reviewComments).toMatchObject([one])
    expect(distro.reviewComments[0]?.body).toContain(`\n\`\`\`suggestion\n${suggested}\n`)
    await distro.reopen(pull, 'pat')
    await hub.settle()
    expect(distro.reviewComments).toMatchObject([one])

    await distro.pushTo(pull, { [deviceHeader]: patchedHeader.replace(addedField, suggested) })
    await hub.settle()
    expect(hub.checksOn(pull.head)).toEqual(checks('success'))
    expect(distro.reviewComments).toEqual([])

    const fork = { into, edit: { [deviceHeader]: patchedHeader }, fromFork: true }
    const { pull: other, runs } = await distro.openPullRequest(fork)
    await hub.settle()
    expect(hub.checksOn(other.head)).toEqual(checks('failure'))
    expect(complaints(only(runs)).filter((line) => line.startsWith('Suggestions'))).toEqual([
      expect.stringContaining('token of a pull request from a fork'),
    ])
    expect(distro.reviewComments).toEqual([])
  },
}
