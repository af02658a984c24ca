import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportSchema } from '../report/report-schema.ts'
import { canBuildCopyingKernel } from '../support/bisected-kernel.ts'
import { broken, copyingKernel, released } from '../support/copying-kernel.ts'
import { commitAll, git } from '../support/git.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { workspace, writeFiles } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const kabiYml = `version: 1
variants:
  x86_64: { arch: x86_64, config: configs/x86_64.config, strategy: full }
`

/** A checkout with a commit for each of these exports, tagged `c0`, `c1`, …. */
function historyOf(...states: readonly (string | Parameters<typeof writeFiles>[1])[]): string {
  const folder = workspace({ ...copyingKernel, 'kabi.yml': kabiYml })
  states.forEach((state, at) => {
    writeFiles(folder, {
      'net/core.c': `int at_${at};\n`,
      ...(typeof state === 'string' ? { exports: state } : state),
    })
    commitAll(folder, `${at}`)
    git(folder, 'tag', `c${at}`)
  })
  return folder
}

/** What a check says: where each finding comes from, the notes, and the rest. */
async function blamed(cwd: string, ...args: readonly string[]) {
  const work = ['--work-dir', join(temporaryFolder(), 'work')]
  const { code, stdout, stderr } = await runMain(['check', '--json', ...work, ...args], { cwd })
  if (stdout === '') throw new Error(stderr)
  const { findings, problems, origins, hidden, result } = reportSchema.parse(JSON.parse(stdout))
  return {
    ...{ code, stderr, origins, hidden, result },
    found: findings.map(({ symbol, kind, origin }) => `${symbol} ${kind} ${origin}`),
    problems: problems
      .filter(({ kind }) => kind !== 'compiler-unknown')
      .map(({ kind, message }) => `${kind}: ${message}`),
  }
}

const gone = released.replace(/^.*kmalloc.*\n/m, '')
const brokenAndGone = broken.replace(/^.*kmalloc.*\n/m, '')
const brokenOtherwise = released.replace('0x22222222', '0xfeedface')

describe.skipIf(!canBuildCopyingKernel)('kabi-gate check --blame', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['what the commit before has, too', [broken, broken], ['pci_enable_device changed pre-existing']],
    ['what it has not', [released, broken], ['pci_enable_device changed introduced']],
    ['what it has in another way', [brokenOtherwise, broken], ['pci_enable_device changed introduced']],
    ['what it lacks', [gone, gone], ['kmalloc removed pre-existing']],
    ['what it had', [released, gone], ['kmalloc removed introduced']],
    [
      'some of each',
      [broken, brokenAndGone],
      ['kmalloc removed introduced', 'pci_enable_device changed pre-existing'],
    ],
    [
      'what a commit further back has not',
      [released, broken, broken],
      ['pci_enable_device changed pre-existing'],
    ],
  ])('tells %s', async (_, states, expected) => {
    const { found, code, problems } = await blamed(historyOf(...states), '--blame')
    expect([found.toSorted(), code, problems]).toEqual([expected, 1, []])
  })

  it('tells the same against a commit that is named', async () => {
    const cwd = historyOf(released, broken, broken)
    const { found, origins } = await blamed(cwd, '--blame', 'c0')
    expect(found).toEqual(['pci_enable_device changed introduced'])
    const base = git(cwd, 'rev-parse', 'c0')
    expect(origins).toEqual({ base, policy: 'fail', introduced: 1, preExisting: 0, unknown: 0 })
  })

  it.each([['--base'], ['--baseline-ref']])('takes the commit of %s where none is named', async (option) => {
    const cwd = historyOf(released, broken, broken)
    const { found, origins } = await blamed(cwd, option, 'c0', '--blame')
    expect([found, origins?.base]).toEqual([
      ['pci_enable_device changed introduced'],
      git(cwd, 'rev-parse', 'c0'),
    ])
  })

  it('reads the patch from the base, so that a line that hides something is introduced', async () => {
    const guard = '#ifndef __GENKSYMS__\nint hidden;\n#endif\n'
    const cwd = historyOf(released, { 'include/a.h': guard })
    const { hidden } = await blamed(cwd, '--blame')
    expect(hidden.map(({ file, origin }) => [file, origin])).toEqual([['include/a.h', 'introduced']])
    const other = await blamed(cwd, '--blame', 'HEAD', '--base', 'c0')
    expect(other.hidden.map(({ origin }) => origin)).toEqual(['unknown'])
  })

  it('leaves the work tree alone, and says nothing where nobody asked', async () => {
    const cwd = historyOf(broken, broken)
    await blamed(cwd, '--blame')
    expect(git(cwd, 'status', '--porcelain')).toBe('')
    const { found, origins } = await blamed(cwd)
    expect([found, origins]).toEqual([['pci_enable_device changed null'], null])
  })

  it('does not look at the base where there is nothing to hold against it', async () => {
    const cwd = historyOf(
      { exports: released, 'local.mk': 'vmlinux: nothing-there\n' },
      { 'local.mk': undefined },
    )
    const { result, problems, origins } = await blamed(cwd, '--blame')
    expect([result, problems, origins?.introduced]).toEqual(['pass', [], 0])
  })

  it('does not know where a base comes to nothing, says why, and fails', async () => {
    const cwd = historyOf(
      { exports: broken, 'local.mk': 'vmlinux: nothing-there\n' },
      { 'local.mk': undefined },
    )
    const { found, code, problems } = await blamed(cwd, '--blame')
    expect([found, code]).toEqual([['pci_enable_device changed unknown'], 1])
    expect(problems).toEqual([
      expect.stringMatching(
        /^origin-unknown: Nobody knows whether base [0-9a-f]{12} has .* x86_64: make .*vmlinux modules ended with exit code 2/,
      ),
    ])
  })

  it('does not know of a kernel that somebody else built', async () => {
    const cwd = historyOf(broken, broken)
    const { found, problems } = await blamed(cwd, '--blame', '--symvers', 'x86_64=exports')
    expect(found).toEqual(['pci_enable_device changed unknown'])
    expect(problems).toEqual([expect.stringContaining('it is read from a finished build')])
  })

  it('never lets pass at a terminal what was there before', async () => {
    const cwd = historyOf(
      { exports: broken, 'kabi.yml': `${kabiYml}policy: { pre-existing: warn }\n` },
      broken,
    )
    const { found, code, origins } = await blamed(cwd, '--baseline-ref', 'c0', '--blame')
    expect([found, code, origins?.policy]).toEqual([['pci_enable_device changed pre-existing'], 1, 'fail'])
  })

  it('names the base of a merge that it goes into, not the branch that comes', async () => {
    const cwd = historyOf(released)
    git(cwd, 'checkout', '--quiet', '-b', 'topic')
    writeFiles(cwd, { exports: broken })
    commitAll(cwd, 'topic')
    git(cwd, 'checkout', '--quiet', 'main')
    git(cwd, 'merge', '--quiet', '--no-ff', '--no-edit', 'topic')
    const { found } = await blamed(cwd, '--blame')
    expect(found).toEqual(['pci_enable_device changed introduced'])
  })
})

describe('kabi-gate check --blame refuses', () => {
  it.each<[string, (cwd: string) => void, readonly string[], string]>([
    ['the first commit', () => undefined, [], 'has no parent here'],
    ['a commit that is not there', () => undefined, ['nowhere'], 'git knows no commit "nowhere"'],
    [
      'the parent of a commit that is not all of the work tree',
      (cwd) => {
        commitAll(cwd, 'second')
        writeFiles(cwd, { exports: broken })
      },
      [],
      '"HEAD" is not all of what is in the work tree',
    ],
  ])('%s', async (_, prepare, refs, message) => {
    const cwd = historyOf(released)
    prepare(cwd)
    const { code, problems, found } = await blamed(cwd, '--blame', ...refs)
    expect([code, found, problems]).toEqual([2, [], [expect.stringContaining(message)]])
  })

  it('a shallow checkout, and says how to get the parent', async () => {
    const [cwd, folder] = [historyOf(released, broken), temporaryFolder()]
    git(folder, 'clone', '--quiet', '--depth=1', `file://${cwd}`, 'shallow')
    const { code, problems } = await blamed(join(folder, 'shallow'), '--blame')
    expect([code, problems]).toEqual([2, [expect.stringContaining('has no parent here')]])
    const text = await runMain(['check', '--blame'], { cwd: join(folder, 'shallow') })
    expect(text.stdout).toContain('The checkout is shallow')
  })

  it('a folder without git', async () => {
    const cwd = workspace({ ...copyingKernel, 'kabi.yml': kabiYml })
    const { code, problems } = await blamed(cwd, '--blame')
    expect([code, problems]).toEqual([2, [expect.stringContaining('is not a git checkout')]])
  })

  it.each([
    [128, '--bisect', ['--bisect']],
    [2, '--from', ['--from', 'c0']],
    [2, '--per-commit', ['--per-commit', 'c0..HEAD']],
  ])('with %i to stand beside %s', async (expected, option, args) => {
    const { code, stderr } = await runMain(['check', '--blame', ...args], { cwd: '/' })
    expect([code, stderr]).toEqual([expected, expect.stringContaining(`${option} contradicts --blame`)])
  })
})
