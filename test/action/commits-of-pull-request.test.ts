import { describe, expect, it } from 'vitest'
import type { PatchLine } from '../../src/abi/cause.ts'
import { commitsOfPullRequest } from '../../src/action/commits-of-pull-request.ts'
import { connect } from '../../src/action/github.ts'
import { head, startForge, type Forge } from './forge.ts'

const path = 'linux/include/linux/device.h'
const added: PatchLine = { file: 'include/linux/device.h', line: 3, kind: 'added', text: '\tu64 cookie;' }
const removed: PatchLine = { ...added, kind: 'removed', text: '\tu32 gone;' }
const event = { number: 12, head, base: 'main', labeled: undefined }
const sha = (digit: number) => String(digit).repeat(40)

async function commits(
  forge: Forge,
  lines: readonly PatchLine[] = [added, removed],
  at: string | null = path,
) {
  const env = { GITHUB_API_URL: forge.url, GITHUB_REPOSITORY: 'distro/linux' }
  const github = connect('t0ken', env, () => Promise.resolve())
  if (!github) throw new Error('not connected')
  const found = await commitsOfPullRequest(
    github,
    event,
    lines.map((line) => ({ line, path: at ?? undefined })),
  )
  return typeof found === 'string' ? found : lines.map((line) => found.get(line)?.subject)
}

const adds = '@@ -1,2 +1,3 @@\n struct device {\n+\tu64 cookie;\n };'
const drops = '@@ -1,3 +1,2 @@\n struct device {\n-\tu32 gone;\n };'

describe('the commits of a pull request, as the forge tells them', () => {
  it('are named with subject and day for the lines that each alone added or removed', async () => {
    const forge = await startForge()
    forge.commits = [
      {
        sha: sha(1),
        message: 'driver core: add a cookie\n\nBecause.',
        files: { [path]: adds, 'a.h': drops },
      },
      { sha: head, message: 'driver core: drop gone', files: { [path]: drops } },
    ]
    expect(await commits(forge)).toEqual(['driver core: add a cookie', 'driver core: drop gone'])
    expect(forge.requests.filter((line) => line.startsWith('GET /repos/distro/linux/commits/'))).toHaveLength(
      2,
    )
  })

  it.each<[string, Forge['commits']]>([
    [
      'two commits made such a line',
      [
        { sha: sha(1), message: 'one', files: { [path]: adds + drops } },
        { sha: head, message: 'two', files: { [path]: adds + '\n' + drops } },
      ],
    ],
    [
      'the change of the file is too large in another commit',
      [
        { sha: sha(1), message: 'one', files: { [path]: `${adds}\n${drops}` } },
        { sha: head, message: 'two', files: { [path]: null } },
      ],
    ],
    [
      'only a merge has it',
      [{ sha: head, message: 'merge', parents: 2, files: { [path]: `${adds}\n${drops}` } }],
    ],
    ['the pull request has other commits by now', [{ sha: sha(1), message: 'one', files: { [path]: adds } }]],
    ['the pull request has no commits', []],
  ])('are not named where %s', async (_, some) => {
    const forge = await startForge()
    forge.commits = some.map((one) => ({ ...one }))
    expect(await commits(forge)).toEqual([undefined, undefined])
  })

  it('are not asked for without lines, one by one for more than fifty, or for a file outside of the repository', async () => {
    const forge = await startForge()
    expect(await commits(forge, [])).toEqual([])
    expect(forge.requests).toEqual([])
    const many = Array.from({ length: 51 }, (_, at) => ({
      ...{ sha: at === 50 ? head : String(at).padStart(40, '0'), message: 'm', files: { [path]: adds } },
    }))
    forge.commits = many
    expect(await commits(forge)).toEqual([undefined, undefined])
    expect(forge.requests).toHaveLength(1)
    forge.commits = [{ sha: head, message: 'one', files: { [path]: adds } }]
    expect(await commits(forge, [added], null)).toEqual([undefined])
  })

  it('are told as missing with the reason when the forge does not answer', async () => {
    const forge = await startForge()
    forge.failAlways(/pulls\/12\/commits/, { status: 403, message: 'Resource not accessible by integration' })
    expect(await commits(forge)).toContain('it needs contents: read and pull-requests: read')
  })
})
