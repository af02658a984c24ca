import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { broken, released } from '../support/copying-kernel.ts'
import { kabiYml, twoVariants, type World } from '../workflow-runner/world.ts'
import { checks, complaints, job, label, only, ran, required, type Story } from './story.ts'

const into = 'release/6.1'
const edit = { 'net/core.c': 'int flags;\n' }
const building = kabiYml.replace(', symvers: exports', '')

/** A build that does not end; it makes a file when it has begun. */
function hanging({ hub }: World): { readonly mk: string; readonly begun: () => Promise<void> } {
  const marker = join(hub.folder, 'begun')
  return {
    mk: `vmlinux: hang\n.PHONY: hang\nhang:\n\t@touch ${marker}\n\t@exec sleep 100000\n`,
    begun: async () => {
      while (!existsSync(marker)) {
        if (!hub.isBusy()) throw new Error('every run has ended, and nothing was built')
        await new Promise((settle) => setTimeout(settle, 20))
      }
    },
  }
}

async function buildsInFull({ distro, hub }: World): Promise<void> {
  const tip = await hub.git.tip('distro/linux', into)
  const text = `${building}defaults: { strategy: full }\n`
  await hub.git.commit('distro/linux', `refs/heads/${into}`, tip, { 'kabi.yml': text }, 'build in full')
  expect(distro.pulls.size).toBe(0)
}

export const cancelled: Story = {
  name: 'a run that is cancelled leaves a red verdict, not none',
  async tell(world) {
    const { hub, distro } = world
    await buildsInFull(world)
    const { mk, begun } = hanging(world)
    const { pull, runs } = await distro.openPullRequest({ into, edit: { 'local.mk': mk } })
    await begun()
    only(runs).cancel()
    await hub.settle()
    expect(hub.checksOn(pull.head)).toEqual(checks('failure', 'cancelled'))
    expect(hub.artifacts.of(only(runs).id).map(({ name }) => name)).toEqual([`kabi-report-${only(runs).sha}`])
  },
}

export const outOfTime: Story = {
  name: 'a build that is out of time leaves a red verdict',
  async tell(world) {
    const { hub, distro } = world
    await buildsInFull(world)
    const { mk, begun } = hanging(world)
    const { pull } = await distro.openPullRequest({ into, edit: { 'local.mk': mk } })
    await begun()
    hub.clock.advance(361)
    await hub.settle()
    expect(hub.checksOn(pull.head)).toEqual(checks('failure', 'cancelled'))
  },
}

export const pushWhileBuilding: Story = {
  name: 'a push cancels the run of the commit before; a label does not, and its run judges what the first one collected',
  async tell(world) {
    const { hub, distro } = world
    await buildsInFull(world)
    const { mk, begun } = hanging(world)
    const { pull, runs } = await distro.openPullRequest({ into, edit: { 'local.mk': mk } })
    const first = pull.head
    await begun()
    const next = hub.begins('kabi-gate / plan')
    const second = await distro.pushTo(pull, { 'local.mk': undefined, exports: broken })
    expect(only(runs).cancelled).toBe(true)
    await next
    const third = await distro.label(pull, label, 'mia')
    await hub.settle()
    expect([...runs, ...second, ...third].map(({ conclusion }) => conclusion)).toEqual([
      'cancelled',
      // Who set the label is asked when it is judged.
      'success',
      'success',
    ])
    expect(required(world, first)).toBe('failure')
    expect(hub.checksOn(pull.head)).toMatchObject({
      ...checks('success', 'skipped'),
      'kabi-gate / collect x86_64': 'success',
    })
    expect(distro.comments.map(({ body }) => body)).toEqual([expect.stringContaining('OVERRIDDEN')])
  },
}

export const againAfterTrouble: Story = {
  name: 'a variant without evidence is red beside one that has it; its job alone runs again, and so does everything when asked to',
  async tell(world) {
    const { hub, distro } = world
    const tip = await hub.git.tip('distro/linux', into)
    await hub.git.commit(
      'distro/linux',
      `refs/heads/${into}`,
      tip,
      { 'kabi.yml': twoVariants },
      'two variants',
    )
    const outOfOrder = join(hub.image, 'out-of-order')
    mkdirSync(outOfOrder)
    const { pull, runs } = await distro.openPullRequest({ into, edit })
    const run = only(runs)
    await hub.settle()
    const both = { 'kabi-gate / collect x86_64': 'success', 'kabi-gate / collect debug': 'success' }
    expect(hub.checksOn(pull.head)).toEqual({
      'kabi-gate / plan': 'success',
      ...{ 'kabi-gate / collect x86_64': 'failure', 'kabi-gate / collect debug': 'failure' },
      'kabi-gate / verdict': 'failure',
    })
    expect(complaints(run).join('\n')).toMatch(/No files were found with the provided path: evidence\/debug/)

    rmSync(outOfOrder, { recursive: true })
    hub.rerun(run, 'failed', 'mia')
    run.logs.clear()
    await hub.settle()
    expect(ran(run)).toEqual([
      'kabi-gate / collect debug',
      'kabi-gate / collect x86_64',
      'kabi-gate / verdict',
    ])
    expect(hub.checksOn(pull.head)).toEqual({
      'kabi-gate / plan': 'success',
      ...both,
      'kabi-gate / verdict': 'success',
    })

    hub.rerun(run, 'all', 'mia')
    run.logs.clear()
    await hub.settle()
    expect(ran(run)).toHaveLength(4)
    expect(complaints(run)).toEqual([])
    expect(required(world, pull.head)).toBe('success')
  },
}

export const oneVariantBreaks: Story = {
  name: 'a variant that cannot be collected hides nothing of the others',
  world: { machines: 1 },
  async tell(world) {
    const { hub, distro } = world
    const tip = await hub.git.tip('distro/linux', into)
    const debug = '  debug: { arch: x86_64, symvers: exports-debug }\n'
    const text = kabiYml.replace('variants:\n', `variants:\n${debug}`)
    const files = { 'kabi.yml': text, 'exports-debug': released }
    await hub.git.commit('distro/linux', `refs/heads/${into}`, tip, files, 'two variants')
    const { pull, runs } = await distro.openPullRequest({
      into,
      edit: { exports: broken, 'exports-debug': undefined },
    })
    await hub.settle()
    expect(hub.checksOn(pull.head)).toEqual({
      'kabi-gate / plan': 'success',
      'kabi-gate / collect debug': 'failure',
      'kabi-gate / collect x86_64': 'success',
      'kabi-gate / verdict': 'failure',
    })
    const { summary } = job(only(runs), 'kabi-gate / verdict')
    expect(summary).toContain('pci_enable_device')
    expect(summary).toMatch(/exports-debug/)
  },
}

export const noPlan: Story = {
  name: 'where nothing can be planned the verdict is red, and says why once',
  async tell(world) {
    const { hub, distro } = world
    const tip = await hub.git.tip('distro/linux', into)
    await hub.git.commit(
      'distro/linux',
      `refs/heads/${into}`,
      tip,
      { 'kabi.yml': 'version: 9\n' },
      'break kabi.yml',
    )
    const { pull, runs } = await distro.openPullRequest({ into, edit })
    await hub.settle()
    expect(hub.checksOn(pull.head)).toEqual(checks('failure', 'skipped', 'failure'))
    expect(distro.comments.map(({ body }) => body)).toEqual([expect.stringContaining('kabi-gate: ERROR')])
    // The job that plans has no right to write comments, and does not try.
    expect(complaints(only(runs)).filter((line) => line.includes('comment'))).toEqual([])
  },
}

export const noWorkflowSha: Story = {
  name: 'a server without job.workflow_sha is red, and falls back to nothing of the patch',
  world: { hasWorkflowSha: false },
  async tell({ hub, distro }) {
    const { pull, runs } = await distro.openPullRequest({
      into,
      edit: { 'action.yml': 'name: not the gate\n' },
    })
    await hub.settle()
    expect(hub.checksOn(pull.head)).toEqual(checks('failure', 'skipped', 'failure'))
    expect(complaints(only(runs)).join('\n')).toMatch(/this-server-lacks/)
  },
}

export const nosyBuild: Story = {
  name: 'a build finds no token: not in its environment, not in the work tree, not beside it, and runs once a variant',
  async tell(world) {
    const { hub, distro } = world
    await buildsInFull(world)
    const found = join(hub.folder, 'found')
    const builds = join(hub.folder, 'builds')
    const nosy = [
      'vmlinux: nosy',
      '.PHONY: nosy',
      'nosy:',
      `\t@env >${found}; cat /proc/$$PPID/environ >>${found}; git -C $(CURDIR) config --list >>${found} || true`,
      `\t@echo build >>${builds}`,
      `\t@cat ../../../_temp/* ../.git/config >>${found} 2>/dev/null || true`,
      '',
    ].join('\n')
    const { pull, runs } = await distro.openPullRequest({ into, edit: { 'local.mk': nosy } })
    await hub.settle()
    expect(hub.checksOn(pull.head)).toEqual(checks('success'))
    expect(complaints(only(runs))).toEqual([])
    const text = readFileSync(found, 'latin1')
    expect(text).toContain('PATH=')
    expect(text).not.toMatch(/ghs_|authorization|x-access-token/i)
    expect(readFileSync(builds, 'utf8')).toBe('build\n')
  },
}
