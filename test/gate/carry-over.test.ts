import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collectVariant } from '../../src/gate/collect.ts'
import { check } from '../../src/gate/check.ts'
import { judge } from '../../src/gate/judge.ts'
import { leftToCollect } from '../../src/gate/left-to-collect.ts'
import type { CheckRequest } from '../../src/gate/request.ts'
import { isError } from '../../src/problem/problem.ts'
import { commitAll, git } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { canBuildTinyKernel, deviceHeader, patchedHeader, releaseTinyKernel } from '../support/tiny-kernel.ts'
import { writeFiles } from '../support/workspace.ts'

type Edit = Parameters<typeof writeFiles>[1]

/** What a kernel has besides: sources that nothing of the list needs, and what goes by names. */
const more: Readonly<Record<string, string>> = {
  'drivers/other.c': 'int other;\n',
  'drivers/Makefile': 'obj-y += other.o\n',
  'include/linux/other.h': 'struct other { int a; };\n',
  'Documentation/why.rst': 'Because.\n',
  'arch/x86/include/asm/.keep': '',
}

interface Kernel {
  readonly linux: string
  readonly base: string
  readonly request: CheckRequest
  /** Goes back to the release, makes a commit of other files on top of it, and forgets what was kept of others. */
  readonly commit: (files: Edit, edit?: () => void) => string
}

async function releasedKernel(): Promise<Kernel> {
  const folder = temporaryFolder()
  const linux = join(folder, 'linux')
  const workDir = join(folder, 'work')
  const base = await releaseTinyKernel(linux, { files: more, symbols: [] })
  const request: CheckRequest = {
    ...{ source: linux, cwd: linux, config: join(linux, 'kabi.yml'), workDir, jobs: 2 },
    ...{ variants: [], symvers: [], strategy: undefined, override: undefined },
    ...{ tool: { name: 'kabi-gate', version: '0.0.0' }, today: '2026-11-30' },
    ...{ signal: new AbortController().signal, onProgress: () => undefined },
  }
  return {
    ...{ linux, base, request },
    commit: (files, edit) => {
      git(linux, 'reset', '--quiet', '--hard', base)
      git(linux, 'clean', '-qfdx')
      const kept = join(workDir, 'evidence')
      for (const name of existsSync(kept) ? readdirSync(kept) : [])
        if (name !== base) rmSync(join(kept, name), { recursive: true })
      writeFiles(linux, files)
      edit?.()
      return commitAll(linux, 'edit')
    },
  }
}

/** The verdict without what is different each time. */
function lasting({ variants, findings, problems, result }: Awaited<ReturnType<typeof check>>) {
  return {
    ...{ result, problems },
    findings: findings.map(({ kind, severity }) => [kind, severity]),
    variants: variants.map(({ how, ...rest }) => ({
      ...rest,
      carried: undefined,
      how: { ...how, seconds: 0 },
    })),
  }
}

describe.skipIf(!canBuildTinyKernel)('check after evidence of an earlier commit was kept', () => {
  it('takes it where nothing that was read changed, and says so; the verdict is that of a look', async () => {
    const { linux, base, request, commit } = await releasedKernel()
    const first = await check(request)
    expect([first.result, first.variants[0]?.carried]).toEqual(['pass', undefined])
    const edits: readonly (readonly [string, Edit])[] = [
      ['a driver', { 'drivers/other.c': 'int another;\n' }],
      ['a header', { 'include/linux/other.h': 'struct other { long a; };\n' }],
      ['a new header', { 'include/linux/new.h': 'struct fresh { long a; };\n' }],
      ['a header that goes', { 'include/linux/other.h': undefined }],
      ['documentation', { 'Documentation/why.rst': 'Why not?\n', MAINTAINERS: 'M:\tme\n' }],
      ['an export of another symbol', { 'drivers/other.c': 'EXPORT_SYMBOL(other);\n' }],
    ]
    for (const [what, files] of edits) {
      const head = commit(files)
      const verdict = await check(request)
      const changed = Object.keys(files).length
      expect([what, verdict.variants[0]?.carried]).toEqual([
        what,
        { from: base, changed, read: expect.any(Number) as unknown },
      ])
      expect(verdict.variants[0]?.tree).toEqual({ commit: head })
      const looked = await check({ ...request, noCarryOver: true })
      expect(looked.variants[0]?.carried).toBeUndefined()
      expect(lasting(verdict)).toEqual(lasting(looked))
    }
    expect(git(linux, 'status', '--porcelain')).toBe('')
  }, 120_000)

  it('looks again where the change may matter', async () => {
    const { linux, request, commit } = await releasedKernel()
    await check(request)
    const exporting = 'int device_add(void *dev);\nEXPORT_SYMBOL(device_add);\n'
    const edits: readonly (readonly [string, Edit, (() => void)?])[] = [
      ['read', { [deviceHeader]: patchedHeader }],
      ['read', { 'lib/device.c': undefined, 'lib/Device.c': 'int a;\n' }],
      ['hides', { 'arch/x86/include/asm/device.h': '' }],
      ['build', { 'drivers/Makefile': '' }],
      ['build', { 'scripts/new.sh': '' }],
      ['source', { 'drivers/new.c': '' }],
      ['exports', { 'drivers/other.c': exporting }],
      ['exports', { 'drivers/other.c': '#include "third.c"\n' }],
      ['link', {}, () => symlinkSync('other.h', join(linux, 'include/linux/link.h'))],
    ]
    for (const [doubt, files, edit] of edits) {
      commit(files, edit)
      const { variants, reach } = await check({ ...request, why: true })
      expect([doubt, variants[0]?.carried]).toEqual([doubt, undefined])
      expect(reach?.[0]?.files.map((one) => one.doubt)).toContain(doubt)
    }
  }, 120_000)

  it('says of each changed file what it can reach', async () => {
    const { base, request, commit } = await releasedKernel()
    const fresh = await check({ ...request, why: true })
    expect(fresh.reach).toEqual([{ variant: 'x86_64', files: [] }])
    commit({ [deviceHeader]: patchedHeader, 'drivers/other.c': 'int a;\n', 'drivers/Makefile': '#\n' })
    const { reach } = await check({ ...request, why: true })
    expect(reach).toEqual([
      {
        variant: 'x86_64',
        from: base,
        files: [
          { path: 'drivers/Makefile', doubt: 'build' },
          { path: 'drivers/other.c' },
          { path: deviceHeader, doubt: 'read', objects: ['lib/device.o'], symbols: 1 },
        ],
      },
    ])
  }, 60_000)

  it.each<readonly [string, (kernel: Kernel) => Partial<CheckRequest>]>([
    ['another kabi-gate', () => ({ tool: { name: 'kabi-gate', version: '0.0.1' } })],
    ['a file that git does not know', ({ linux }) => (writeFiles(linux, { 'include/new.h': '' }), {})],
    ['a file that git ignores', ({ linux }) => (writeFiles(linux, { '.gitignore': 'x.h\n', 'x.h': '' }), {})],
    ['a file that was changed', ({ linux }) => (writeFiles(linux, { 'drivers/other.c': 'int b;\n' }), {})],
    ['all exports asked for', () => ({ allExports: true })],
  ])(
    'takes nothing of it with %s',
    async (_, change) => {
      const kernel = await releasedKernel()
      await check(kernel.request)
      kernel.commit({ 'drivers/other.c': 'int a;\n' })
      const verdict = await check({ ...kernel.request, ...change(kernel) })
      expect([verdict.variants.length, verdict.variants[0]?.carried]).toEqual([1, undefined])
    },
    60_000,
  )

  it('takes nothing of it where a symbol is nowhere: it may be anywhere now', async () => {
    const { linux, request, commit } = await releasedKernel()
    const list = readFileSync(join(linux, 'whitelists/x86_64/kabi_whitelist'), 'utf8')
    commit({
      'whitelists/x86_64/kabi_whitelist': list + list.replace('device_add', 'device_gone'),
      'whitelists/x86_64/baseline.yml': undefined,
      'whitelists/x86_64/symtypes.gz': undefined,
      'whitelists/x86_64/layouts.gz': undefined,
    })
    expect((await check(request)).findings.map(({ kind }) => kind)).toEqual(['removed'])
    writeFiles(linux, { 'Documentation/why.rst': 'Why not?\n' })
    commitAll(linux)
    expect((await check(request)).variants[0]?.carried).toBeUndefined()
  }, 60_000)

  it('takes nothing of it with another configuration', async () => {
    const { request, commit } = await releasedKernel()
    await check(request)
    commit({ 'configs/x86_64.config': 'CONFIG_MODULES=y\nCONFIG_MODVERSIONS=y\nCONFIG_SMP=y\n' })
    expect((await check(request)).variants[0]?.carried).toBeUndefined()
  }, 60_000)

  it('looks again where what was kept is damaged, whichever file it is', async () => {
    const { base, request, commit } = await releasedKernel()
    await check(request)
    commit({ 'drivers/other.c': 'int a;\n' })
    const kept = join(request.workDir, 'evidence', base, 'x86_64')
    const names = readdirSync(kept)
    expect(names.length).toBeGreaterThan(3)
    for (const name of names) {
      writeFiles(kept, { [name]: 'x' })
      expect([name, (await check(request)).variants[0]?.carried]).toEqual([name, undefined])
      rmSync(join(request.workDir, 'evidence'), { recursive: true })
      git(request.source, 'checkout', '--quiet', base)
      await check(request)
      git(request.source, 'checkout', '--quiet', 'main')
    }
  }, 120_000)

  it('tells where a break comes from without a look at the base', async () => {
    const { base, request, commit } = await releasedKernel()
    await check(request)
    commit({ [deviceHeader]: patchedHeader })
    const asked = { ...request, against: { ref: base } }
    const known = await check(asked)
    expect(existsSync(join(request.workDir, 'released'))).toBe(false)
    const looked = await check({ ...asked, noCarryOver: true })
    expect(existsSync(join(request.workDir, 'released'))).toBe(true)
    const origins = ({ findings }: typeof known) => findings.map(({ kind, origin }) => [kind, origin])
    expect(origins(known)).toContainEqual(['changed', 'introduced'])
    expect(origins(known)).toEqual(origins(looked))
  }, 60_000)

  /** The evidence of the release, as another machine sent it. */
  async function sentEvidence({ request }: Kernel): Promise<string> {
    const output = join(request.workDir, 'sent')
    expect(await collectVariant({ ...request, variants: ['x86_64'], output, event: undefined })).toEqual([])
    return output
  }

  it('is proven again by who judges, and by who plans what to collect', async () => {
    const kernel = await releasedKernel()
    const { base, request, commit } = kernel
    const evidence = await sentEvidence(kernel)
    const edits: readonly (readonly [Edit, string])[] = [
      [{ 'drivers/other.c': 'int a;\n' }, ''],
      [{ [deviceHeader]: patchedHeader }, '"include/linux/device.h" was read'],
      [
        { 'drivers/other.c': 'EXPORT_SYMBOL(device_add);\n' },
        '"drivers/other.c" may export a protected symbol, too',
      ],
      [
        { 'drivers/Makefile': '', Kbuild: '#\n' },
        '"Kbuild" may say what is built, and how, and 1 more file is in doubt',
      ],
      [{ 'configs/x86_64.config': 'CONFIG_MODULES=y\n' }, 'the configuration is another one'],
    ]
    for (const [files, why] of edits) {
      const expectCommit = commit(files)
      const judging = { ...request, evidence, expectCommit, source: request.source }
      const { result, variants, problems } = await judge(judging)
      const left = await leftToCollect({ ...judging, strategy: undefined })
      if (why === '') {
        const carried = { from: base, changed: 1, read: expect.any(Number) as unknown }
        expect([result, variants[0]?.carried, variants[0]?.tree]).toEqual([
          'pass',
          carried,
          { commit: expectCommit },
        ])
        expect(left.value?.held).toEqual([{ variant: 'x86_64', carried }])
        expect(left.value?.plan.variants).toEqual([])
        const refused = await judge({ ...judging, noCarryOver: true })
        expect(refused.problems.map(({ kind }) => kind)).toEqual(['stale-evidence'])
      } else {
        expect([result, ...problems.map(({ kind }) => kind)]).toEqual(['error', 'stale-evidence'])
        expect(problems[0]?.message).toContain(`It does not hold for that one: ${why}.`)
        expect(left.value?.held).toEqual([])
        expect(left.value?.left).toEqual([{ variant: 'x86_64', why: problems[0]?.message }])
      }
    }
  }, 60_000)

  it('does not hold for who judges where the repository does not have both commits, or is not at hand', async () => {
    const kernel = await releasedKernel()
    const evidence = await sentEvidence(kernel)
    const { request, commit } = kernel
    const head = commit({ 'drivers/other.c': 'int a;\n' })
    const other = join(request.workDir, 'other')
    git(request.workDir, 'clone', '--quiet', '--depth=1', `file://${request.source}`, other)
    const judged = async (source: string, expectCommit = head) => {
      const where = { source, cwd: source, config: join(source, 'kabi.yml') }
      const { problems } = await judge({ ...request, ...where, evidence, expectCommit })
      return problems.map(({ kind, message }) => `${kind}: ${message}`)
    }
    expect(await judged(other)).toEqual([
      expect.stringMatching(/^stale-evidence: .* git does not tell what changed since: /),
    ])
    rmSync(join(other, '.git'), { recursive: true })
    expect(await judged(other)).toEqual([
      expect.stringMatching(/^stale-evidence: It is of commit \w+, expected was commit \w+\.$/),
    ])
  }, 60_000)

  it('writes evidence of another commit with its reason, for who judges elsewhere', async () => {
    const { base, request, commit } = await releasedKernel()
    await check(request)
    commit({ 'drivers/other.c': 'int a;\n' })
    const output = join(request.workDir, 'sent')
    const problems = await collectVariant({ ...request, variants: ['x86_64'], output, event: undefined })
    expect(problems).toEqual([])
    const record: unknown = JSON.parse(readFileSync(join(output, 'x86_64/evidence.json'), 'utf8'))
    expect(record).toMatchObject({ carried: { from: base, changed: 1 } })
  }, 60_000)

  async function collectAnew(request: CheckRequest, output: string): Promise<void> {
    const asked = { ...request, variants: ['x86_64'], output, event: undefined, noCarryOver: true }
    expect(await collectVariant(asked)).toEqual([])
  }

  describe('as evidence of an earlier commit, beside what was collected', () => {
    it('is taken for the variants of which nothing was collected', async () => {
      const kernel = await releasedKernel()
      const { base, request, commit } = kernel
      const folder = await sentEvidence(kernel)
      const expectCommit = commit({ 'drivers/other.c': 'int a;\n' })
      const evidence = join(request.workDir, 'collected')
      const judging = { ...request, evidence, expectCommit, noCarryOver: true }
      const taken = await judge({ ...judging, earlier: { folder, commit: base } })
      expect([taken.result, taken.variants[0]?.carried?.from]).toEqual(['pass', base])
      await collectAnew(request, evidence)
      const own = await judge({ ...judging, earlier: { folder, commit: base } })
      expect([own.result, own.variants[0]?.carried]).toEqual(['pass', undefined])
    }, 60_000)

    it('is refused where it does not hold, and where it is not of the commit that it has to be of', async () => {
      const kernel = await releasedKernel()
      const { base, request, commit } = kernel
      const folder = await sentEvidence(kernel)
      const other = commit({ 'Documentation/why.rst': 'Why not?\n' })
      const expectCommit = commit({ [deviceHeader]: patchedHeader })
      const evidence = join(request.workDir, 'collected')
      const judged = async (earlier: { readonly folder: string; readonly commit: string }) => {
        const { result, problems } = await judge({ ...request, evidence, expectCommit, earlier })
        return [result, ...problems.map(({ kind, message }) => `${kind}: ${message}`)]
      }
      expect(await judged({ folder, commit: base })).toEqual([
        'error',
        expect.stringMatching(/^stale-evidence: .*"include\/linux\/device.h" was read\.$/),
      ])
      expect(await judged({ folder, commit: other })).toEqual([
        'error',
        expect.stringMatching(`^stale-evidence: .*it had to be of commit ${other}\\.$`),
      ])
      // Of the very commit that is judged, in the place of what holds for it only with a proof.
      const forged = join(request.workDir, 'forged')
      cpSync(folder, forged, { recursive: true })
      const record = join(forged, 'x86_64/evidence.json')
      for (const carried of ['', `"carried": { "from": "${base}", "changed": 1, "read": 9 }, `]) {
        const text = readFileSync(join(folder, 'x86_64/evidence.json'), 'utf8')
        writeFileSync(
          record,
          text.replace(/"tree": \{"commit":"\w+"\}/, `${carried}"tree": {"commit":"${expectCommit}"}`),
        )
        expect(readFileSync(record, 'utf8')).toContain(expectCommit)
        expect(await judged({ folder: forged, commit: base })).toEqual([
          'error',
          `stale-evidence: The earlier evidence of x86_64 had to be of commit ${base}, and is of another.`,
        ])
      }
    }, 60_000)

    it('tells what the base has, too, and so where a break comes from', async () => {
      const kernel = await releasedKernel()
      const { linux, request, commit } = kernel
      const lists = 'whitelists/x86_64'
      commit({
        [`${lists}/baseline.yml`]: undefined,
        [`${lists}/symtypes.gz`]: undefined,
        [`${lists}/layouts.gz`]: undefined,
      })
      const list = readFileSync(join(linux, lists, 'kabi_whitelist'), 'utf8')
      writeFiles(linux, { [`${lists}/kabi_whitelist`]: list.replace(/0x\w+/, '0x12345678') })
      const trusted = commitAll(linux, 'another checksum')
      const folder = await sentEvidence(kernel)
      const evidence = join(request.workDir, 'collected')
      const judged = async (files: Edit) => {
        writeFiles(linux, files)
        const expectCommit = commitAll(linux, 'patch')
        const about = { ...request, expectCommit, baselineRef: trusted, earlier: { folder, commit: trusted } }
        if (deviceHeader in files) await collectAnew({ ...request, baselineRef: trusted }, evidence)
        const { result, findings, problems } = await judge({ ...about, evidence })
        expect(problems.filter(isError)).toEqual([])
        return [result, ...findings.map(({ kind, origin }) => [kind, origin])]
      }
      expect(await judged({ 'drivers/other.c': 'int a;\n' })).toEqual(['break', ['changed', 'pre-existing']])
      expect(await judged({ [deviceHeader]: patchedHeader })).toEqual(['break', ['changed', 'introduced']])
    }, 60_000)

    it('is proven in a partial clone without a work tree, which gets the few files that it takes', async () => {
      const kernel = await releasedKernel()
      const { base, linux, request, commit } = kernel
      const folder = await sentEvidence(kernel)
      const expectCommit = commit({ 'drivers/other.c': 'int a;\n' })
      git(linux, 'config', 'uploadpack.allowFilter', 'true')
      git(linux, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
      const source = join(request.workDir, 'partial')
      git(request.workDir, 'init', '--quiet', source)
      git(source, 'remote', 'add', 'origin', `file://${linux}`)
      for (const one of [base, expectCommit])
        git(source, 'fetch', '--quiet', '--no-tags', '--depth=1', '--filter=blob:none', 'origin', one)
      git(source, 'sparse-checkout', 'set', '--cone', '.github')
      git(source, 'checkout', '--quiet', '--detach', expectCommit)
      expect(existsSync(join(source, 'lib/device.c'))).toBe(false)
      const where = { source, cwd: source, config: join(source, 'kabi.yml'), baselineRef: base }
      const evidence = join(request.workDir, 'collected')
      const earlier = { folder, commit: base }
      const verdict = await judge({ ...request, ...where, evidence, expectCommit, earlier })
      expect([verdict.result, verdict.problems, verdict.variants[0]?.carried?.from]).toEqual([
        'pass',
        [],
        base,
      ])
      const missing = git(source, 'rev-list', '--objects', '--missing=print', expectCommit)
        .split('\n')
        .filter((line) => line.startsWith('?'))
      // Neither what was read, nor any other source that did not change.
      const kept = [deviceHeader, 'lib/device.c', 'Kbuild'].map(
        (path) => `?${git(linux, 'rev-parse', `HEAD:${path}`)}`,
      )
      expect(missing).toEqual(expect.arrayContaining(kept.slice(0, 2)))
      expect(missing).not.toContain(`?${git(linux, 'rev-parse', 'HEAD:drivers/other.c')}`)
    }, 60_000)
  })
})
