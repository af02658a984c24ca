import { expect } from 'vitest'
import { broken } from '../support/copying-kernel.ts'
import { kabiYml } from '../workflow-runner/world.ts'
import { complaints, job, only, ran, required, type Story } from './story.ts'

const releaseBranch = 'release/6.1'

function checks(name: string, verdict: string): Record<string, string> {
  return {
    [`${name} / plan`]: 'success',
    [`${name} / collect x86_64`]: 'success',
    [`${name} / verdict`]: verdict,
  }
}

export const push: Story = {
  name: 'a push to a release branch has a check of its own, by the whitelists before it; a new branch goes by its own',
  async tell(world) {
    const { hub, distro } = world
    const bad = await distro.push(releaseBranch, {
      exports: broken,
      'whitelists/x86_64/kabi_whitelist': broken,
    })
    await hub.settle()
    const skipped = {
      'kabi-nightly ${{ matrix.branch }}': 'skipped',
      'kabi-nightly-evidence ${{ matrix.branch }}': 'skipped',
    }
    const both = (verdict: string) => ({
      ...checks('kabi-release', verdict),
      ...checks('kabi-evidence', verdict),
    })
    expect(hub.checksOn(bad.commit)).toEqual({ ...both('failure'), ...skipped })
    expect(required(world, bad.commit)).toBeUndefined()
    const { summary } = job(only(bad.runs), 'kabi-release / verdict')
    expect(summary).toContain('pci_enable_device')
    // `full` was asked for, whatever kabi.yml says.
    expect(summary).toMatch(/\| full \|/)

    const made = await distro.push('release/6.2', { 'net/core.c': 'int flags;\n' })
    await hub.settle()
    expect(hub.checksOn(made.commit)).toEqual({ ...both('success'), ...skipped })

    expect((await distro.push('devel', { 'net/core.c': 'int flags;\n' })).runs).toEqual([])
  },
}

export const nightly: Story = {
  name: 'every night a release branch is built, as it was when the run began',
  async tell(world) {
    const { hub, distro } = world
    const tip = await hub.git.tip('distro/linux', releaseBranch)
    const released = await hub.git.commit(
      'distro/linux',
      `refs/heads/${releaseBranch}`,
      tip,
      { 'net/core.c': '' },
      'net',
    )
    const begun = hub.begins('kabi-nightly release/6.1 / collect x86_64')
    const run = only(await distro.schedule())
    await Promise.race([begun, hub.settle()])
    await hub.git.commit(
      'distro/linux',
      `refs/heads/${releaseBranch}`,
      released,
      { exports: broken },
      'meanwhile',
    )
    await hub.settle()
    expect(hub.checksOn(run.head)).toEqual({
      ...checks('kabi-nightly release/6.1', 'success'),
      ...checks('kabi-nightly-evidence release/6.1', 'success'),
      ...{ 'kabi-release': 'skipped', 'kabi-evidence': 'skipped' },
    })
    expect(hub.checksOn(released)).toEqual({})
    const names = hub.artifacts.of(run.id).map(({ name }) => name)
    expect(names.sort()).toEqual([
      `kabi-evidence-${released}-x86_64`,
      `kabi-evidence-all-${released}`,
      `kabi-evidence-full-${released}-x86_64`,
      `kabi-report-${released}`,
      `kabi-report-full-${released}`,
    ])
    // `full` was asked for, whatever kabi.yml says.
    expect(job(run, 'kabi-nightly release/6.1 / verdict').summary).toMatch(/\| full \|/)
    expect(complaints(run)).toEqual([])
    // Another night builds what is there by then, and the same commit as well.
    for (let night = 2; night <= 3; night++) {
      const next = only(await distro.schedule())
      await hub.settle()
      expect(hub.checksOn(next.head)).toMatchObject(checks('kabi-nightly release/6.1', 'failure'))
      for (const job of ['kabi-nightly', 'kabi-nightly-evidence'])
        expect(ran(next)).toContain(`${job} release/6.1 / collect x86_64`)
    }
  },
}

export const byHand: Story = {
  name: 'a run by hand tells what breaks, and passes only with the flag, from somebody with the role, off protected branches',
  async tell(world) {
    const { hub, distro } = world
    const tip = await hub.git.tip('distro/linux', 'devel')
    // Its own configuration is not asked: another commit is named for that.
    const suspect = await hub.git.commit(
      'distro/linux',
      'refs/heads/topic',
      tip,
      { exports: broken, 'kabi.yml': kabiYml.replace('x86_64:', 'extra:') },
      'suspect',
    )
    const inputs = { commit: suspect, 'baseline-ref': releaseBranch, strategy: 'full' }
    const flag = { ...inputs, 'disable-kabi-check': true, reason: 'bisecting the crash of 6.1.170' }
    const start = async (branch: string, by: string, given: typeof inputs) => {
      const run = only(await distro.dispatch('override.yml', { branch, by, inputs: given }))
      await hub.settle()
      return run
    }

    const plain = await start('devel', 'mia', inputs)
    expect(hub.checksOn(tip)).toEqual(checks('kabi-by-hand', 'failure'))
    expect(hub.artifacts.of(plain.id).map(({ name }) => name)).toContain(`kabi-report-full-${suspect}`)
    expect(job(plain, 'kabi-by-hand / verdict').summary).toMatch(/\| full \|/)

    const flagged = await start('devel', 'mia', flag)
    expect(hub.checksOn(tip)).toEqual(checks('kabi-by-hand', 'success'))
    expect(job(flagged, 'kabi-by-hand / verdict').outputs).toEqual({
      verdict: 'overridden',
      breaking: 'true',
    })
    expect(job(flagged, 'kabi-by-hand / verdict').summary).toMatch(/bisecting the crash/)

    await start('devel', 'pat', flag)
    expect(hub.checksOn(tip)).toEqual(checks('kabi-by-hand', 'failure'))

    await start(releaseBranch, 'mia', flag)
    expect(hub.checksOn(await hub.git.tip('distro/linux', releaseBranch))).toEqual(
      checks('kabi-by-hand', 'failure'),
    )
    for (const sha of [tip, suspect]) expect(required(world, sha)).toBeUndefined()
  },
}
