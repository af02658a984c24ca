import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Collected } from '../../src/abi/evidence.ts'
import type { Layouts } from '../../src/abi/layouts/layout.ts'
import { check } from '../../src/gate/check.ts'
import { holdAgainst } from '../../src/gate/hold-against.ts'
import type { LookAtBase } from '../../src/gate/look-at-base.ts'
import { decide } from '../../src/judge/decide.ts'
import type { LayoutFinding } from '../../src/judge/finding.ts'
import { presetPolicy } from '../../src/judge/policy.ts'
import type { Collection } from '../../src/kernel/collect-all.ts'
import { evidence, exported, promised, runCase, variantCase } from '../judge/cases.ts'
import { canBuildCopyingKernel } from '../support/bisected-kernel.ts'
import { broken, copyingKernel, released } from '../support/copying-kernel.ts'
import { commitAll, git } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { workspace, writeFiles } from '../support/workspace.ts'

const rows = ['a', 'b', 'c', 'd'].map((name) => promised(name))
const commit = 'b'.repeat(40)
const layout = { value: { kind: 'struct', size: 8, members: [] }, object: 0 } as const
const types = new Map(['s#x', 's#y', 's#z'].map((name) => [name, layout]))
const layouts: Layouts = { pointer: 8, objects: ['a.o'], types, symbols: new Map(), unknown: new Map() }

/** Holds a build with these exports against a base, and tells what was asked of it. */
async function held(
  exports: Parameters<typeof evidence>[1],
  {
    strategy = 'exports',
    layout: moved,
    base = [],
  }: {
    readonly strategy?: 'exports' | 'prebuilt'
    readonly layout?: LayoutFinding
    readonly base?: readonly Collected[]
  } = {},
) {
  const asked: Collection[] = []
  const look: LookAtBase = (at, collections) => {
    expect(at).toBe(commit)
    asked.push(...collections)
    return Promise.resolve(new Map(base.map((one) => [one.variant, one])))
  }
  const whitelist = { file: 'l', dialect: 'canonical', rows } as const
  const decided = decide(runCase([variantCase(rows, exports)]))
  const verdict = moved ? { ...decided, findings: [...decided.findings, moved] } : decided
  const variant = {
    ...{ name: 'x86_64', arch: 'x86_64', strategy, makeArgs: [], toolchain: { crossCompile: '' } },
    guard: { kind: 'none', reason: 'of no matter here' },
  } as const
  const result = await holdAgainst(
    verdict,
    {
      request: {},
      ...{ commit, trusted: undefined, policy: presetPolicy('strict'), patch: undefined },
      guarded: [{ variant, whitelist, layouts, problems: [] }],
      collected: new Map([['x86_64', evidence('x86_64', exports)]]),
    },
    look,
  )
  const [first] = asked
  return {
    ...result,
    asked: first,
    wanted: first && first.wanted !== 'all' ? [...first.wanted].sort() : undefined,
  }
}

const all = rows.map(({ symbol }) => exported(symbol))
const changedA = [exported('a', { crc: 2 }), ...all.slice(1)]

describe('what a base is asked', () => {
  it('is nothing where there is nothing to ask', async () => {
    expect(await held(all)).toMatchObject({ asked: undefined, problems: [] })
  })

  it('is nothing where the verdict is an error', async () => {
    const { asked, base } = await held([])
    expect([asked, base.variants.size]).toEqual([undefined, 0])
  })

  it('is the symbols in question alone', async () => {
    const { wanted, asked } = await held(changedA, { base: [evidence('x86_64', changedA)] })
    expect([wanted, asked?.layouts]).toEqual([['a'], undefined])
  })

  it('is one more where all of them are gone, so that a base without them has an export', async () => {
    expect((await held(all.slice(2))).wanted).toEqual(['a', 'b', 'c'])
  })

  it('is all that reach a type that moved, and the layouts of it and of those that hold it', async () => {
    const differences = [{ class: 'size', before: '8', after: '16' }] as const
    const both = { before: layout.value, after: layout.value }
    const moved: LayoutFinding = {
      ...{ family: 'layout', kind: 'layout', severity: 'fail', variant: 'x86_64', name: 's#x' },
      ...{ layout: both, differences, digest: { before: '', after: '' }, symbols: ['b', 'd'], untold: [] },
      embedding: [{ name: 's#y', layout: both, differences }],
    }
    const { wanted, asked } = await held(all, { layout: moved })
    const found = asked?.layouts
    expect([wanted, typeof found === 'object' && [...found.types.keys()]]).toEqual([
      ['b', 'd'],
      ['s#x', 's#y'],
    ])
  })

  it.each<[string, readonly Collected[], string]>([
    [
      'that failed',
      [{ kind: 'failure', variant: 'x86_64', problems: [{ kind: 'build-failed', message: 'no compiler' }] }],
      'no compiler',
    ],
    ['that has no export', [evidence('x86_64', [])], 'nothing was found of it'],
    ['of which nobody said anything', [], 'nothing was found of it'],
  ])('leaves a note on one %s', async (_, base, why) => {
    const { problems, base: known } = await held(changedA, { base })
    expect(known.variants.size).toBe(0)
    expect(problems).toMatchObject([
      { kind: 'origin-unknown', variant: 'x86_64', message: expect.stringContaining(why) as string },
    ])
  })

  it('is nothing of a finished build', async () => {
    const { asked, problems } = await held(changedA, { strategy: 'prebuilt' })
    expect([asked, problems.map(({ kind }) => kind)]).toEqual([undefined, ['origin-unknown']])
  })
})

describe.skipIf(!canBuildCopyingKernel)('a pull request whose policy lets pass what was there before', () => {
  const kabiYml = `version: 1
variants:
  x86_64: { arch: x86_64, config: configs/x86_64.config, strategy: full }
policy: { pre-existing: warn }
`

  /** Checks the last of some commits, each with these exports, for an event. */
  async function checked(
    states: readonly string[],
    event: string,
    ref: string | undefined,
    trusted = 'HEAD~1',
  ) {
    const source = workspace({ ...copyingKernel, 'kabi.yml': kabiYml })
    states.forEach((exports, at) => {
      writeFiles(source, { exports, 'net/core.c': `int at_${at};\n` })
      commitAll(source, `${at}`)
    })
    const verdict = await check({
      ...{ config: undefined, source, cwd: source, variants: [], strategy: undefined, symvers: [] },
      ...{ workDir: join(temporaryFolder(), 'work'), jobs: 1, onProgress: () => undefined },
      signal: new AbortController().signal,
      tool: { name: 'kabi-gate', version: '0.0.0' },
      override: undefined,
      origin: { event, branch: 'main' },
      baselineRef: git(source, 'rev-parse', trusted),
      against: { ref },
    })
    const [finding] = verdict.findings
    return [verdict.result, finding?.severity, finding?.origin]
  }

  it.each<[string, string, readonly string[], readonly unknown[]]>([
    ['passes with it', 'pull_request', [broken, broken], ['pass', 'warn', 'pre-existing']],
    ['fails on its own', 'pull_request', [released, broken], ['break', 'fail', 'introduced']],
    ['fails in a merge queue', 'merge_group', [broken, broken], ['break', 'fail', 'pre-existing']],
    ['fails on a push', 'push', [broken, broken], ['break', 'fail', 'pre-existing']],
    ['fails in a run by hand', 'workflow_dispatch', [broken, broken], ['break', 'fail', 'pre-existing']],
  ])('%s (%s)', async (_, event, states, expected) => {
    expect(await checked(states, event, undefined)).toEqual(expected)
  })

  it('fails where the break is in a commit of its own before', async () => {
    const states = [released, broken, broken]
    expect(await checked(states, 'pull_request', 'HEAD~1', 'HEAD~2')).toEqual([
      'break',
      'fail',
      'pre-existing',
    ])
    expect(await checked(states, 'pull_request', undefined, 'HEAD~2')).toEqual([
      'break',
      'fail',
      'introduced',
    ])
  })
})
