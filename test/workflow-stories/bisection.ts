import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import { broken } from '../support/copying-kernel.ts'
import type { World } from '../workflow-runner/world.ts'
import { complaints, job, only, required, type Story } from './story.ts'

const kernels = 'distro/linux'

interface History {
  /** What each build found, and its state, in order. */
  readonly builds: () => readonly string[]
  /** Builds from the fourth on wait as long as it is there. */
  readonly barrier: string
  readonly waits: () => boolean
  readonly commits: readonly string[]
}

/** Nine commits on a branch of their own, the first tagged `v1`; the sixth breaks `pci_enable_device`. Every build looks for a token. */
async function history({ hub }: World): Promise<History> {
  const [log, barrier, begun] = ['builds', 'barrier', 'begun'].map((name) => join(hub.folder, name))
  const mk = [
    'vmlinux: nosy',
    '.PHONY: nosy',
    'nosy:',
    `\t@{ env; cat /proc/$$PPID/environ ../../../linux/.git/config ../../../../_temp/*; } >>${log}.found 2>/dev/null || true`,
    `\t@cat state >>${log}`,
    `\t@if [ -e ${barrier} ] && [ $$(wc -l <${log}) -gt 3 ]; then touch ${begun}; while [ -e ${barrier} ]; do sleep 0.1; done; fi`,
    '',
  ].join('\n')
  const commits: string[] = []
  let tip = await hub.git.tip(kernels, 'main')
  for (let at = 0; at < 9; at++) {
    const edit = { 'local.mk': mk, state: `${at}\n`, ...(at < 5 ? {} : { exports: broken }) }
    tip = await hub.git.commit(kernels, 'refs/heads/stable/6.1', tip, edit, `state <${at}>`)
    commits.push(tip)
  }
  await hub.git.git(kernels, 'tag', 'v1', commits[0] ?? '')
  const lines = () =>
    existsSync(log ?? '')
      ? readFileSync(log ?? '', 'utf8')
          .trim()
          .split('\n')
      : []
  return { builds: lines, barrier: barrier ?? '', waits: () => existsSync(begun ?? ''), commits }
}

const inputs = { good: 'v1', bad: 'stable/6.1', strategy: 'full' }

async function start({ hub, distro }: World, given: Readonly<Record<string, string | boolean>>) {
  const run = only(await distro.dispatch('bisect.yml', { branch: 'release/6.1', by: 'pat', inputs: given }))
  return { run, settled: () => hub.settle() }
}

function artifact({ hub }: World, run: number, file: string): string {
  const found = hub.artifacts.of(run).find(({ name }) => name === 'kabi-bisection')
  return readFileSync(join(found?.folder ?? '', file), 'utf8')
}

export const bisection: Story = {
  name: 'a bisection by hand names the commit, under a check of its own, without flag, token or comment; what it cannot answer is red',
  async tell(world) {
    const { hub, distro, api } = world
    const { commits } = await history(world)
    const tip = await hub.git.tip(kernels, 'release/6.1')
    const guilty = commits[5] ?? ''

    const { run, settled } = await start(world, inputs)
    await settled()
    expect(complaints(run)).toEqual([])
    expect(hub.checksOn(tip)).toEqual({ 'kabi-bisect': 'success' })
    const { summary, outputs } = job(run, 'kabi-bisect')
    expect(summary).toMatch(/^## ⚠️ kabi-gate bisect: FOUND\n/)
    expect(summary).toContain(`\`${guilty.slice(0, 12)}\` state &lt;5&gt;`)
    expect(outputs).toEqual({})
    expect(hub.artifacts.of(run.id).map(({ name }) => name)).toEqual([
      'kabi-bisection',
      'kabi-bisection-seen',
    ])
    const audit = artifact(world, run.id, 'audit.jsonl').trimEnd().split('\n')
    expect(audit).toHaveLength(1)
    expect(JSON.parse(audit[0] ?? '')).toMatchObject({
      actor: 'pat',
      commit: tip,
      bisection: 'found',
      good: { name: 'v1', commit: commits[0] },
      bad: { name: 'origin/stable/6.1', commit: commits[8] },
      breaks: [{ name: 'pci_enable_device', commits: [guilty] }],
    })
    expect(JSON.parse(artifact(world, run.id, 'bisection.json'))).toMatchObject({ result: 'found' })
    const found = readFileSync(join(hub.folder, 'builds.found'), 'latin1')
    expect(found).toContain('[remote "origin"]')
    expect(found).not.toMatch(/ghs_|authorization|x-access-token|git-credentials/i)
    expect(world.installed()).toContain('install')

    for (const [more, words] of [
      [{ symbol: 'kmalloc', variants: 'x86_64' }, 'only what breaks `kmalloc` in `x86_64`'],
      [{ type: 'struct device' }, 'only what changes <code>struct device</code>'],
    ] as const) {
      const other = await start(world, { ...inputs, ...more, 'first-parent': true })
      await other.settled()
      expect(job(other.run, 'kabi-bisect').summary).toMatch(/: INTACT\n/)
      expect(job(other.run, 'kabi-bisect').summary).toContain(words)
      expect(job(other.run, 'kabi-bisect').summary).toContain('first parents only')
    }

    const failed = await start(world, { ...inputs, bad: 'nowhere' })
    await failed.settled()
    expect(hub.checksOn(tip)).toEqual({ 'kabi-bisect': 'failure' })
    expect(complaints(failed.run).join('\n')).not.toContain('No files were found')
    expect(JSON.parse(artifact(world, failed.run.id, 'audit.jsonl'))).toMatchObject({ bisection: 'error' })

    for (const sha of [tip, ...commits]) expect(required(world, sha)).toBeUndefined()
    expect([distro.comments, api.requests]).toEqual([[], []])
  },
}

export const bisectionAgain: Story = {
  name: 'a bisection that was cancelled or ran out of time goes on where it was when its job runs again',
  async tell(world) {
    const { hub } = world
    const { builds, barrier, waits, commits } = await history(world)
    writeFileSync(barrier, '')
    const { run, settled } = await start(world, inputs)
    // The runs of other stories' faults may never begin to build.
    while (!waits() && hub.isBusy()) await setTimeout(50)
    const before = builds()
    hub.clock.advance(361)
    await settled()
    expect(hub.checksOn(run.head)).toEqual({ 'kabi-bisect': 'cancelled' })
    rmSync(barrier)
    hub.rerun(run, 'failed', 'pat')
    run.logs.clear()
    await settled()
    expect(complaints(run)).toEqual([])
    expect(hub.checksOn(run.head)).toEqual({ 'kabi-bisect': 'success' })
    expect(job(run, 'kabi-bisect').summary).toContain(`\`${commits[5]?.slice(0, 12) ?? ''}\` state`)
    // The good and the bad commit are looked at again, and the one that was not finished.
    const [, , third] = before
    expect(before).toHaveLength(4)
    expect(builds().filter((state) => state === third)).toHaveLength(1)
  },
}
