import { existsSync, linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { draftOf, removeStaleDrafts } from '../../src/io/drafts.ts'
import { createWhitelistFiles } from '../../src/baseline/whitelist-files.ts'
import { workspace } from '../support/workspace.ts'

/** The draft of a process that is gone. */
function deadDraft(path: string): string {
  const living = basename(draftOf(path))
  return join(dirname(path), living.replace(/-\d+-\d+-\d+\.tmp$/, '-4194305-1-0.tmp'))
}

const text = '0x11111111 a vmlinux EXPORT_SYMBOL\n'
const contents = (folder: string) =>
  new Map(
    ['a', 'b', 'c'].map((name) => [
      join(folder, name, 'kabi_whitelist'),
      { list: text, types: undefined, baseline: undefined },
    ]),
  )
const finished = (folder: string) =>
  ['a', 'b', 'c'].every((name) => {
    const path = join(folder, name, 'kabi_whitelist')
    return readdirSync(dirname(path)).length === 1 && readFileSync(path, 'utf8') === text
  })

describe('a set of whitelists whose maker was killed is made anew', () => {
  it.each([
    ['before any list had its name', { a: 'draft', b: 'draft' }],
    ['when one had its name', { a: 'both', b: 'draft', c: 'draft' }],
    ['when all had their names', { a: 'both', b: 'both', c: 'both' }],
    ['when the first draft was gone', { a: 'list', b: 'both', c: 'both' }],
    ['when all but the last draft were gone', { a: 'list', b: 'list', c: 'both' }],
  ] as const)('%s', async (_, state: Readonly<Record<string, string>>) => {
    const folder = workspace({ 'a/.x': '', 'b/.x': '', 'c/.x': '' })
    for (const [name, found] of Object.entries(state)) {
      const list = join(folder, name, 'kabi_whitelist')
      const draft = found === 'list' ? list : deadDraft(list)
      writeFileSync(draft, text)
      if (found === 'both') linkSync(draft, list)
    }
    expect(await createWhitelistFiles(contents(folder))).toBeUndefined()
    for (const name of ['a', 'b', 'c'])
      expect(readdirSync(join(folder, name))).toEqual(['.x', 'kabi_whitelist'])
  })

  it('but one that somebody else made is not touched', async () => {
    const folder = workspace({ 'a/kabi_whitelist': 'mine\n' })
    const list = join(folder, 'b/kabi_whitelist')
    expect(await createWhitelistFiles(new Map([...contents(folder)].slice(1)))).toBeUndefined()
    linkSync(list, deadDraft(list))
    expect(await createWhitelistFiles(contents(folder))).toMatchObject({ kind: 'unwritable' })
    expect(readFileSync(join(folder, 'a/kabi_whitelist'), 'utf8')).toBe('mine\n')
  })

  it('and a whole one is not made again', async () => {
    const folder = workspace({})
    expect(await createWhitelistFiles(contents(folder))).toBeUndefined()
    expect(finished(folder)).toBe(true)
    expect(await createWhitelistFiles(contents(folder))).toMatchObject({ kind: 'unwritable' })
  })
})

describe('drafts', () => {
  it('of processes that are gone are removed, those of living ones and of other machines are not', async () => {
    const folder = workspace({})
    const path = join(folder, 'file')
    const [own, dead] = [draftOf(path), deadDraft(path)]
    const elsewhere = join(folder, '.file.00000000-4194305-1-0.tmp')
    for (const one of [own, dead, elsewhere]) writeFileSync(one, '')
    await removeStaleDrafts(path)
    expect([own, dead, elsewhere].map((one) => existsSync(one))).toEqual([true, false, true])
  })
})
