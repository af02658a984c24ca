import { execFileSync } from 'node:child_process'
import { readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { checkoutOf, commitAll, git } from '../support/git.ts'
import { workspace, writeFiles } from '../support/workspace.ts'
import { buildModule } from '../module/build-module.ts'
import type { JsonReport } from '../report/report-schema.ts'
import { broken, built, config, list, released } from './released-tree.ts'
import { runMain } from './run-main.ts'

const waiver = `version: 1
waivers:
  - { symbol: a, variants: all, from: 0x11, to: 0x21, reason: nobody uses it any more, owner: Eve, expires: 2099-01-01 }
`

/** A checkout with one commit, tagged `base`, and then what a patch and the build did to the work tree. */
function checkout(
  base: Readonly<Record<string, string | Uint8Array>>,
  patch: Readonly<Record<string, string | undefined>>,
  prepare?: (cwd: string) => void,
): string {
  const cwd = prepare ? prepared(base, prepare) : checkoutOf(base).folder
  writeFiles(cwd, patch)
  return cwd
}

/** A checkout whose one commit, tagged `base`, holds what is done to its files before. */
function prepared(
  base: Readonly<Record<string, string | Uint8Array>>,
  prepare: (cwd: string) => void,
): string {
  const cwd = workspace(base)
  git(cwd, 'init', '--quiet')
  prepare(cwd)
  commitAll(cwd, 'base')
  git(cwd, 'tag', 'base')
  return cwd
}

const check = (cwd: string, ...args: string[]) =>
  runMain(['check', '--baseline-ref', 'base', ...args], { cwd })

describe('check --baseline-ref', () => {
  it('passes an untouched tree and leaves nothing behind', async () => {
    const cwd = checkout(released, { 'Module.symvers': built })
    // A folder of its own: other tests put theirs into the common one.
    const temporary = workspace({})
    vi.stubEnv('TMPDIR', temporary)
    const { code, stdout } = await check(cwd)
    expect(stdout).toMatch(/^PASS: compared 2 of 2/)
    expect(code).toBe(0)
    expect(git(cwd, 'status', '--porcelain')).toBe('')
    expect(tmpdir()).toBe(temporary)
    expect(readdirSync(temporary)).toEqual([])
    vi.unstubAllEnvs()
  })

  it('counts a waiver of the base, and not one day more than the base gives it', async () => {
    const base = { ...released, 'kabi.yml': `${config}waivers: ci/w.yml\n`, 'ci/w.yml': waiver }
    expect((await check(checkout(base, { 'Module.symvers': broken }))).code).toBe(0)
    const ended = { ...base, 'ci/w.yml': waiver.replace('2099', '2020') }
    const { code, stdout } = await check(checkout(ended, { 'Module.symvers': broken, 'ci/w.yml': waiver }))
    expect(code).toBe(1)
    expect(stdout).toContain('ended with 2020-01-01')
  })

  it.each(['whitelists/x86_64/kabi_whitelist', 'whitelists/x86_64', 'whitelists', 'kabi.yml'])(
    'refuses a symbolic link at %s of the base',
    async (name) => {
      const cwd = checkout(released, { 'Module.symvers': built }, (folder) => {
        execFileSync('mv', [join(folder, name), join(folder, 'elsewhere')])
        symlinkSync(join(folder, 'elsewhere'), join(folder, name))
      })
      const { code, stdout } = await check(cwd)
      expect(code).toBe(3)
      expect(stdout.replace(/\s+/g, ' ')).toContain('is a symbolic link in the base commit')
    },
  )

  it.each(['fake', '.'])('does not follow a link to %s that the patch put in the way', async (target) => {
    const lenient = `${config}policy: { kinds: { changed: ignore } }\n`
    const cwd = checkout(
      {
        ...released,
        'ci/kabi.yml': config.replace('Module', '../Module'),
        'ci/whitelists/x86_64/kabi_whitelist': list,
        'fake/kabi.yml': lenient,
        'kabi.yml': lenient,
      },
      {
        'Module.symvers': broken,
        ci: undefined,
      },
    )
    symlinkSync(target, join(cwd, 'ci'))
    expect((await check(cwd, '--config', 'ci/kabi.yml')).code).toBe(1)
  })

  it.each(['--output=x', '-h', '', 'nowhere', 'base:kabi.yml', 'base; touch x'])(
    'refuses %j as the name of a commit',
    async (ref) => {
      const cwd = checkout(released, { 'Module.symvers': built })
      const { code, stdout } = await runMain(['check', `--baseline-ref=${ref}`], { cwd })
      expect(code).toBe(2)
      expect(stdout).toContain('git knows no commit')
      expect(readdirSync(cwd)).not.toContain('x')
    },
  )

  it('tells to fetch the history when the checkout is shallow', async () => {
    const cwd = checkout(released, { Makefile: 'VERSION = 7\n' })
    git(cwd, 'commit', '--quiet', '-a', '-m', 'patch')
    const shallow = workspace({})
    git(shallow, 'clone', '--quiet', '--depth=1', `file://${cwd}`, 'copy')
    const { code, stdout } = await runMain(['check', '--baseline-ref', git(cwd, 'rev-parse', 'base')], {
      cwd: join(shallow, 'copy'),
    })
    expect(code).toBe(2)
    expect(stdout.replace(/\s+/g, ' ')).toContain('fetch-depth: 0')
  })

  it('runs no filter of the tree', async () => {
    const cwd = checkout(
      { ...released, '.gitattributes': '* filter=evil text eol=crlf export-subst\n' },
      { 'Module.symvers': built },
    )
    git(cwd, 'config', 'filter.evil.smudge', `touch ${join(cwd, 'evil')}; cat`)
    expect((await check(cwd)).code).toBe(0)
    expect(readdirSync(cwd)).not.toContain('evil')
  })

  it('refuses a path out of the repository', async () => {
    const cwd = checkout(
      { ...released, 'kabi.yml': `${config}whitelists: ../lists\n` },
      { 'Module.symvers': built },
    )
    const { code, stdout } = await check(cwd)
    expect(code).toBe(2)
    expect(stdout).toContain('is not in the repository')
  })

  it('names a fault of the base by its commit', async () => {
    const base = { ...released, 'kabi.yml': `${config}colour: red\n` }
    const { code, stdout } = await check(checkout(base, { 'Module.symvers': built, 'kabi.yml': config }))
    expect(code).toBe(2)
    expect(stdout).toContain('kabi.yml:4:1')
    expect(stdout).not.toContain('kabi-gate-base-')
  })
})

describe('edits of the gate by the patch', () => {
  const row = (symbol: string, crc: string) => `${crc} ${symbol} vmlinux EXPORT_SYMBOL\n`
  const withC = `${built}0x00000013\tc\tvmlinux\tEXPORT_SYMBOL\t\n`
  const whitelist = 'whitelists/x86_64/kabi_whitelist'

  async function editsOf(
    base: Readonly<Record<string, string | Uint8Array>>,
    patch: Readonly<Record<string, string | undefined>>,
    ...args: string[]
  ) {
    const cwd = checkout({ ...released, ...base }, { 'Module.symvers': built, ...patch })
    const { code, stdout } = await check(cwd, '--json', ...args)
    const { edits, result } = JSON.parse(stdout) as JsonReport
    const told = edits.map(
      ({ kind, subject, file, line }) => `${kind} ${subject} ${file.replace(`${cwd}/`, '')}:${line}`,
    )
    return { code, result, told }
  }

  it('are none when a row is added that the build has, or a promise is made', async () => {
    const added = { [whitelist]: list + row('c', '0x00000013'), 'Module.symvers': withC }
    expect(await editsOf({}, added)).toEqual({ code: 0, result: 'pass', told: [] })
    const stricter = {
      'kabi.yml': `${config}policy: { kinds: { moved: fail }, rules: [{ symbol: x, action: fail }] }\n`,
    }
    expect(await editsOf({}, stricter)).toEqual({ code: 0, result: 'pass', told: [] })
    const base = { 'kabi.yml': `${config}waivers: w.yml\n`, 'w.yml': waiver }
    expect(await editsOf(base, { 'w.yml': waiver.replace('2099', '2098') })).toMatchObject({ told: [] })
    expect(await editsOf(base, { 'w.yml': 'version: 1\nwaivers: []\n' })).toMatchObject({ told: [] })
  })

  const driver = buildModule({ imports: { a: 0x11 } })
  const drivers = { 'old/x.ko': driver, 'new/y.ko': driver }
  const weights = (text: string) => ({ 'kabi.yml': `${config}policy:\n  ${text}\n` })
  const rules = (...actions: string[]) =>
    weights(
      `rules:\n${actions.map((action, at) => `    - { symbol: s${at}, action: ${action} }`).join('\n')}`,
    )

  it.each([
    [
      'a row that the build has not',
      {},
      { [whitelist]: list + row('c', '0x99') },
      `row-added c ${whitelist}:3`,
    ],
    [
      'a row with another checksum',
      {},
      { [whitelist]: list + row('c', '0x99'), 'Module.symvers': withC },
      `row-added c ${whitelist}:3`,
    ],
    [
      'a row changed',
      {},
      { [whitelist]: list.replace('0x00000012', '0x00000099') },
      `row-changed b ${whitelist}:2`,
    ],
    [
      'a row made GPL-only',
      {},
      { [whitelist]: list.replace(/EXPORT_SYMBOL\n$/, 'EXPORT_SYMBOL_GPL\n') },
      `row-changed b ${whitelist}:2`,
    ],
    [
      'a row removed',
      {},
      { [whitelist]: list.replace(/0x00000012.*\n/, '') },
      `row-removed b ${whitelist}:null`,
    ],
    ['a whitelist removed', {}, { whitelists: undefined }, 'list-unreadable x86_64 kabi.yml:3'],
    [
      'a configuration removed',
      {},
      { 'kabi.yml': undefined },
      'config-unreadable configuration kabi.yml:null',
    ],
    [
      'a configuration broken',
      {},
      { 'kabi.yml': `${config}colour: red\n` },
      'config-unreadable configuration kabi.yml:4',
    ],
    [
      'a variant dropped',
      {},
      { 'kabi.yml': config.replace('x86_64:', 'other:') },
      'variant-dropped x86_64 kabi.yml:3',
    ],
    [
      'a promise withdrawn',
      {},
      { 'kabi.yml': config.replace('symvers: Module.symvers', 'promise: none, reason: nobody needs it') },
      'promise-withdrawn x86_64 kabi.yml:3',
    ],
    [
      'another architecture',
      {},
      { 'kabi.yml': config.replace('arch: x86_64', 'arch: i386') },
      'build-changed x86_64 kabi.yml:3',
    ],
    [
      'another symvers',
      {},
      { 'kabi.yml': config.replace('Module.symvers', 'other.symvers') },
      'build-changed x86_64 kabi.yml:3',
    ],
    [
      'another runner',
      {},
      { 'kabi.yml': config.replace('symvers', 'runner: [self-hosted, mine], symvers') },
      'runner-changed x86_64 kabi.yml:3',
    ],
    [
      'drivers dropped',
      { 'kabi.yml': config.replace('symvers', 'drivers: [old, new], symvers'), ...drivers },
      { 'kabi.yml': config.replace('symvers', 'drivers: [old], symvers') },
      'drivers-dropped new kabi.yml:3',
    ],
    [
      'a kernel configuration edited',
      { 'kabi.yml': config.replace('symvers', 'config: c.config, symvers'), 'c.config': 'CONFIG_A=y\n' },
      { 'c.config': 'CONFIG_A=n\n' },
      'build-changed x86_64 kabi.yml:3',
    ],
    [
      'a weight lowered',
      {},
      weights('kinds: { changed: warn }'),
      'weight-lowered policy.kinds.changed kabi.yml:5',
    ],
    [
      'a lenient preset',
      {},
      weights('preset: lenient'),
      'weight-lowered policy.classes.became-defined kabi.yml:5',
    ],
    [
      'this very weight lowered',
      {},
      weights('kinds: { whitelist-edit: ignore }'),
      'weight-lowered policy.kinds.whitelist-edit kabi.yml:5',
    ],
    [
      'comparability lowered',
      {},
      weights('comparability: warn'),
      'comparability-lowered policy.comparability kabi.yml:5',
    ],
    [
      'what was there before excused',
      {},
      weights('pre-existing: warn'),
      'weight-lowered policy.pre-existing kabi.yml:5',
    ],
    ['a rule added', {}, rules('pass'), 'rule-added symbol s0: pass kabi.yml:6'],
    [
      'a rule removed',
      rules('fail', 'pass'),
      { 'kabi.yml': config },
      'rule-removed symbol s0: fail kabi.yml:null',
    ],
    [
      'rules in another order',
      weights('rules: [{ symbol: a, action: fail }, { symbol: "*", action: pass }]'),
      weights('rules: [{ symbol: "*", action: pass }, { symbol: a, action: fail }]'),
      'rules-reordered symbol *: pass kabi.yml:5',
    ],
    [
      'a waiver added',
      {},
      { 'kabi.yml': `${config}waivers: w.yml\n`, 'w.yml': waiver },
      'waiver-added a w.yml:3',
    ],
    [
      'a waiver extended',
      { 'kabi.yml': `${config}waivers: w.yml\n`, 'w.yml': waiver.replace('2099', '2098') },
      { 'w.yml': waiver },
      'waiver-extended a w.yml:3',
    ],
    [
      'a branch no longer protected',
      {},
      { 'kabi.yml': `${config}protected: [master, release/*, '*-stable']\n` },
      'protection-removed main kabi.yml:4',
    ],
  ])('fail for %s', async (_, base, patch, edit) => {
    const { code, result, told } = await editsOf(base, patch)
    expect(told[0]).toBe(edit)
    expect({ code, result }).toEqual({ code: 1, result: 'break' })
  })

  it('tell of a baseline that no longer holds a build to the released one', async () => {
    const baseline = `version: 1\nvariant: x86_64\ncompiler: "gcc (Debian) 12"\noptions:\n  CONFIG_SMP: y\n`
    const file = 'whitelists/x86_64/baseline.yml'
    const base = { [file]: baseline }
    const more = `${baseline.replace('12"', '13"')}  CONFIG_NUMA: y\n`
    expect(await editsOf(base, { [file]: more })).toMatchObject({ code: 0, told: [] })
    expect((await editsOf(base, { [file]: undefined })).told).toEqual([
      `baseline-changed baseline.yml ${whitelist}:null`,
    ])
    const less = baseline.replace('CONFIG_SMP: y', 'CONFIG_NUMA: y')
    expect((await editsOf(base, { [file]: less })).told).toEqual([`baseline-changed CONFIG_SMP ${file}:null`])
  })

  it('weigh what the base says, and nothing in a run that goes by the work tree', async () => {
    const base = weights('kinds: { whitelist-edit: warn }')
    const patch = { [whitelist]: list.replace(/0x00000012.*\n/, '') }
    expect(await editsOf(base, patch)).toMatchObject({
      code: 0,
      result: 'pass',
      told: [`row-removed b ${whitelist}:null`],
    })
    const cwd = checkout(released, { 'Module.symvers': built, ...patch })
    const { stdout } = await runMain(['check', '--base', 'base', '--json'], { cwd })
    expect((JSON.parse(stdout) as JsonReport).edits).toEqual([])
  })

  it('are told of the variants that a run is about', async () => {
    const two = {
      'kabi.yml': `${config}  other: { arch: x86_64, symvers: Module.symvers, whitelist: ${whitelist} }\n`,
    }
    const patch = { [whitelist]: list.replace(/0x00000012.*\n/, '') }
    expect((await editsOf(two, patch)).told).toHaveLength(2)
    expect((await editsOf(two, patch, '--variant', 'other')).told).toHaveLength(1)
  })
})

describe('collect and judge --baseline-ref', () => {
  it('agree on the configuration of the base, whatever the patch says', async () => {
    const cwd = checkout(released, {
      'Module.symvers': broken,
      'kabi.yml': `${config}policy: { kinds: { changed: ignore } }\n`,
      'whitelists/x86_64/kabi_whitelist': list.replace('11', '21'),
    })
    const evidence = join(workspace({}), 'evidence')
    const run = (...args: string[]) => runMain([...args, '--baseline-ref', 'base'], { cwd })
    const collected = await run('collect', '--variant', 'x86_64', '--output', evidence)
    expect(collected.stdout + collected.stderr).toContain('The evidence is in')
    const { code, stdout } = await run('judge', '--evidence', evidence, '--json')
    const { result, findings, edits, problems } = JSON.parse(stdout) as JsonReport
    expect(problems.filter(({ class: one }) => one !== 'note')).toEqual([])
    expect({ code, result }).toEqual({ code: 1, result: 'break' })
    expect(findings).toMatchObject([{ symbol: 'a', kind: 'changed', severity: 'fail' }])
    expect(edits.map(({ kind }) => kind)).toEqual(['row-changed', 'weight-lowered'])
  })
})
