import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collectVariant, type CollectRequest } from '../../src/gate/collect.ts'
import { check } from '../../src/gate/check.ts'
import { judge, type JudgeRequest } from '../../src/gate/judge.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import { renderJson } from '../../src/report/json/render-json.ts'
import { fakeKernel, fakeTree } from '../kernel-unit/fake-kernel.ts'
import { checkoutOf, commitAll } from '../support/git.ts'
import { writeFiles } from '../support/workspace.ts'

const tool = { name: 'kabi-gate', version: '0.0.0' } as const
const row = '0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\n'
const changed = row.replace('0x1', '0x9')

const kabiYml = (more = '') => `version: 1
variants:
  x86_64: { arch: x86_64, config: { targets: [tinyconfig] }, strategy: full }
  debug: { arch: x86_64, config: { targets: [tinyconfig] }, strategy: full }
  preview: { arch: x86_64, promise: none, reason: a technology preview }
${more}`

/** A kernel tree that is a git checkout, with two variants to collect. */
function twoVariants(files: Readonly<Record<string, string>> = {}) {
  const kernel = fakeKernel()
  const { source, folder } = kernel
  const all = {
    ...fakeTree,
    'kabi.yml': kabiYml(),
    'whitelists/x86_64/kabi_whitelist': row,
    'whitelists/debug/kabi_whitelist': row,
    ...files,
  }
  writeFiles(source, all)
  const { commit: head } = checkoutOf(all, source)
  const commit = () => commitAll(source)
  const evidence = join(folder, 'evidence')
  const planned = { config: undefined, source, strategy: undefined, symvers: [], cwd: folder, tool }
  const collect = (variant: string, change: Partial<CollectRequest> = {}) =>
    collectVariant({
      ...kernel.options,
      ...planned,
      variants: [variant],
      output: evidence,
      event: undefined,
      ...change,
    })
  const judged = (change: Partial<JudgeRequest> = {}) =>
    judge({
      ...planned,
      override: undefined,
      signal: kernel.controller.signal,
      evidence,
      expectCommit: undefined,
      patch: undefined,
      ...change,
    })
  const checked = () => check({ ...kernel.options, ...planned, variants: [], override: undefined })
  return { kernel, source, folder, evidence, head, commit, collect, judged, checked }
}

/** The JSON report without durations, which alone may differ. */
function report(verdict: Verdict): string {
  return renderJson(verdict).replace(/"seconds": [\d.e-]+/g, '"seconds": 0')
}

function told({ result, problems }: Verdict) {
  return [
    result,
    ...problems.map(({ kind, variant }) => (variant === undefined ? kind : `${kind} ${variant}`)),
  ]
}

describe('judge on what collect left', () => {
  it.each<[string, Readonly<Record<string, string>>, Verdict['result']]>([
    ['passes', {}, 'pass'],
    ['breaks', { 'whitelists/debug/kabi_whitelist': changed }, 'break'],
    [
      'is not comparable',
      { 'whitelists/debug/baseline.yml': 'version: 1\nvariant: debug\noptions: { CONFIG_SMP: y }\n' },
      'error',
    ],
    ['wants to hear of all exports', { 'kabi.yml': kabiYml('policy: { kinds: { added: warn } }\n') }, 'pass'],
  ])('gives the report of check, byte for byte, for a kernel that %s', async (_, files, result) => {
    const { collect, judged, checked, source, head } = twoVariants(files)
    for (const variant of ['x86_64', 'debug']) {
      expect((await collect(variant)).filter(({ kind }) => kind !== 'option-dropped')).toEqual([])
    }
    const expected = await checked()
    expect(expected.result).toBe(result)
    expect(report(await judged({ source, expectCommit: head }))).toBe(report(expected))
  })

  it('gives the report of check for a variant that cannot be built', async () => {
    const { kernel, collect, judged, checked, source } = twoVariants()
    await collect('x86_64')
    kernel.scenario(
      'case $out in */debug/*) build() { echo "init/main.c:1: error: no" >&2; exit 2; } ;; esac',
    )
    expect((await collect('debug')).map(({ kind }) => kind)).toEqual(['build-failed'])
    const expected = await checked()
    expect(told(expected)).toEqual(['error', 'build-failed debug'])
    expect(report(await judged({ source }))).toBe(report(expected))
  })

  it('needs neither the tree nor its place', async () => {
    const { collect, judged, folder, source, evidence } = twoVariants()
    await collect('x86_64')
    await collect('debug')
    const elsewhere = join(folder, 'elsewhere')
    for (const path of ['kabi.yml', 'whitelists'])
      cpSync(join(source, path), join(elsewhere, path), { recursive: true })
    renameSync(evidence, join(elsewhere, 'legs'))
    rmSync(source, { recursive: true })
    const verdict = await judged({ source: undefined, cwd: elsewhere, evidence: join(elsewhere, 'legs') })
    expect(told(verdict)).toEqual(['pass'])
  })

  it('takes evidence inside of the tree for no change of it', async () => {
    const { collect, judged, head, source } = twoVariants()
    const output = join(source, 'out', 'evidence')
    await collect('x86_64', { output })
    await collect('debug', { output })
    expect(told(await judged({ source, evidence: output, expectCommit: head }))).toEqual(['pass'])
  })

  it.each<[string, (evidence: string) => void]>([
    [
      'as actions/download-artifact lays out several artifacts',
      (evidence) => {
        for (const name of ['x86_64', 'debug']) {
          mkdirSync(join(evidence, `kabi-${name}`))
          renameSync(join(evidence, name), join(evidence, `kabi-${name}`, name))
        }
      },
    ],
    [
      'under the names of artifacts',
      (evidence) => {
        for (const name of ['x86_64', 'debug'])
          renameSync(join(evidence, name), join(evidence, `kabi-${name}`))
      },
    ],
  ])('finds the legs %s', async (_, arrange) => {
    const { collect, judged, evidence, source } = twoVariants()
    await collect('x86_64')
    await collect('debug')
    arrange(evidence)
    expect(told(await judged({ source }))).toEqual(['pass'])
  })
})

describe('judge refuses', () => {
  it('a missing leg', async () => {
    const { collect, judged, source } = twoVariants()
    await collect('x86_64')
    expect(told(await judged({ source }))).toEqual(['error', 'missing-variant debug'])
  })

  it('a run without any evidence', async () => {
    const { judged, source } = twoVariants()
    expect(told(await judged({ source }))).toEqual([
      'error',
      'unreadable',
      'missing-variant x86_64',
      'missing-variant debug',
    ])
  })

  it('two legs of one variant', async () => {
    const { collect, judged, evidence, source } = twoVariants()
    await collect('x86_64')
    await collect('debug')
    cpSync(join(evidence, 'debug'), join(evidence, 'again'), { recursive: true })
    expect(told(await judged({ source }))).toEqual(['error', 'bad-evidence debug'])
  })

  it('a leg of another commit than is expected, and one of another commit than the others', async () => {
    const { collect, judged, source, head, commit } = twoVariants()
    await collect('x86_64')
    writeFiles(source, { 'kernel/fork.c': 'int knife;\n' })
    const next = commit()
    await collect('debug')
    expect(told(await judged({ source, expectCommit: next }))).toEqual(['error', 'stale-evidence x86_64'])
    const elsewhere = { source: undefined, config: join(source, 'kabi.yml'), expectCommit: head }
    expect(told(await judged(elsewhere))).toEqual(['error', 'stale-evidence debug'])
    expect(told(await judged({ source }))).toEqual(['error', 'stale-evidence debug'])
  })

  it('a tree at hand that is another commit than the evidence must be of', async () => {
    const { collect, judged, source, head, commit } = twoVariants()
    await collect('x86_64')
    await collect('debug')
    writeFiles(source, { 'kernel/fork.c': 'int knife;\n' })
    commit()
    expect(told(await judged({ source, expectCommit: head }))).toEqual(['error', 'other-checkout'])
  })

  it('a leg of a tree with changes, where a commit is expected', async () => {
    const { collect, judged, source, head } = twoVariants()
    await collect('x86_64')
    writeFiles(source, { 'kernel/fork.c': 'int knife;\n' })
    await collect('debug')
    expect(told(await judged({ source, expectCommit: head }))).toEqual(['error', 'stale-evidence debug'])
  })

  it('a leg of another version of the tool', async () => {
    const { collect, judged, source } = twoVariants()
    await collect('x86_64')
    await collect('debug', { tool: { name: 'kabi-gate', version: '0.0.1' } })
    expect(told(await judged({ source }))).toEqual(['error', 'stale-evidence debug'])
  })

  it('a leg that was collected for another configuration', async () => {
    const { collect, judged, source, commit } = twoVariants()
    await collect('x86_64')
    await collect('debug')
    const text = readFileSync(join(source, 'kabi.yml'), 'utf8')
    writeFileSync(join(source, 'kabi.yml'), text.replace(/(debug:.*)tinyconfig/, '$1defconfig'))
    commit()
    expect(told(await judged({ source }))).toEqual(['error', 'stale-evidence debug'])
  })

  it('a leg of a variant that nobody asked for', async () => {
    const { collect, judged, source } = twoVariants()
    await collect('x86_64')
    await collect('debug')
    const text = readFileSync(join(source, 'kabi.yml'), 'utf8')
    writeFileSync(join(source, 'kabi.yml'), text.replace(/ {2}debug:.*\n/, ''))
    expect(told(await judged({ source }))).toEqual(['error', 'bad-evidence debug'])
  })

  it('whatever else stands among the legs', async () => {
    const { collect, judged, evidence, source } = twoVariants()
    await collect('x86_64')
    await collect('debug')
    writeFileSync(join(evidence, 'README'), 'words')
    mkdirSync(join(evidence, 'empty'))
    expect(told(await judged({ source }))).toEqual(['error', 'bad-evidence', 'bad-evidence'])
  })
})

describe('collect', () => {
  it.each(['pull_request_target', 'issue_comment', 'workflow_run'])('refuses to run on %s', async (event) => {
    const { collect, evidence, kernel } = twoVariants()
    expect((await collect('x86_64', { event })).map(({ kind }) => kind)).toEqual(['usage'])
    expect(existsSync(evidence)).toBe(false)
    expect(kernel.progress).toEqual([])
  })

  it.each<[string, readonly string[]]>([
    ['no variant', []],
    ['two variants', ['x86_64', 'debug']],
    ['a variant that is not known', ['arm64']],
    ['a variant that promises nothing', ['preview']],
  ])('refuses %s', async (_, variants) => {
    const { collect, evidence } = twoVariants()
    expect((await collect('', { variants })).map(({ kind }) => kind)).toEqual(['usage'])
    expect(existsSync(evidence)).toBe(false)
  })

  it('replaces the evidence of its own variant, also after a failure, and leaves nothing beside it', async () => {
    const { kernel, collect, evidence } = twoVariants()
    kernel.scenario('build() { exit 2; }')
    await collect('x86_64')
    expect(readdirSync(join(evidence, 'x86_64'))).toEqual(['evidence.json'])
    kernel.scenario('')
    await collect('x86_64')
    expect(readdirSync(evidence)).toEqual(['x86_64'])
    expect(readdirSync(join(evidence, 'x86_64')).sort()).toEqual(['Module.symvers', 'evidence.json'])
  })

  it('leaves alone a folder that holds something else, and the evidence of another variant', async () => {
    const { collect, evidence } = twoVariants()
    writeFiles(evidence, { 'x86_64/mine.txt': 'words' })
    expect((await collect('x86_64')).map(({ kind }) => kind)).toEqual(['unwritable'])
    expect(readdirSync(join(evidence, 'x86_64'))).toEqual(['mine.txt'])
    rmSync(evidence, { recursive: true })
    await collect('debug')
    renameSync(join(evidence, 'debug'), join(evidence, 'x86_64'))
    const [problem] = await collect('x86_64')
    expect(problem?.message).toContain('holds the evidence of variant debug')
  })

  it('writes the same bytes again, but for the durations', async () => {
    const { collect, evidence } = twoVariants()
    const read = (name: string) =>
      readFileSync(join(evidence, 'x86_64', name), 'utf8').replace(/"seconds":[\d.e-]+/, '')
    await collect('x86_64')
    const before = ['Module.symvers', 'evidence.json'].map(read)
    await collect('x86_64')
    expect(['Module.symvers', 'evidence.json'].map(read)).toEqual(before)
  })
})
