import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkoutOf, commitAll, git } from '../support/git.ts'
import { workspace, writeFiles } from '../support/workspace.ts'
import { list, now, old, table, typesOf } from './lists-with-types.ts'
import { runMain } from './run-main.ts'

const oneLine = ({ stdout, stderr, code }: { stdout: string; stderr: string; code: number }) => ({
  text: (stdout + stderr).replaceAll(/\s+/g, ' '),
  code,
})
const run = async (cwd: string, ...args: string[]) => oneLine(await runMain(['whitelist', ...args], { cwd }))

const because =
  '4 protected symbols changed because of 2 definitions; reverting struct dev alone fixes 2, reverting all 2 fixes all 4.'

describe('whitelist diff, with types beside both lists', () => {
  const folders = () =>
    workspace({
      ...list('old', old),
      ...list('new', now),
      'bare/x86_64/kabi_whitelist': table(now),
    })

  it.each([
    ['folders', 'old', 'new'],
    ['lists', 'old/x86_64/kabi_whitelist', 'new/x86_64/kabi_whitelist'],
  ])('says why checksums changed, of two %s', async (_, before, after) => {
    const { text, code } = await run(folders(), 'diff', before, after)
    expect(code).toBe(1)
    expect(text).toContain(because)
    expect(text).toContain('+ int irq;')
    expect(text).toContain('1 symbol, causes 1 (struct dev), 2 (struct bus): h')
  })

  it('says it in Markdown and JSON', async () => {
    expect((await run(folders(), 'diff', 'old', 'new', '--format', 'markdown')).text).toContain(because)
    const json = await runMain(['whitelist', 'diff', 'old', 'new', '--format', 'json'], { cwd: folders() })
    expect(JSON.parse(json.stdout)).toMatchObject({
      explanation: { changed: 4, proven: 4, causes: [{ title: 'struct dev' }, { title: 'struct bus' }] },
    })
  })

  it('says of which list no types are stored, when only the other one has some', async () => {
    const { text, code } = await run(folders(), 'diff', 'old', 'bare')
    expect(code).toBe(1)
    expect(text).not.toContain('because of')
    expect(text).toContain('Why the checksums changed is not told: no types are stored beside the newer list')
  })

  it('compares names alone without a word about causes', async () => {
    const { text, code } = await run(folders(), 'diff', 'old', 'new', '--names-only')
    expect([text, code]).toEqual(['SAME: 4 symbols in x86_64 ', 0])
  })
})

describe('whitelist diff REF:PATH', () => {
  const file = 'whitelists/x86_64/kabi_whitelist'
  /** A repository with the released lists, tagged so, and those of now. */
  const repository = () => {
    const { folder } = checkoutOf({ ...list('whitelists', old), 'kabi.yml': 'version: 1\n' })
    git(folder, 'tag', 'released')
    symlinkSync('/etc', join(folder, 'astray'))
    writeFiles(folder, { ...list('whitelists', now), 'odd:name/x86_64/kabi_whitelist': table(now) })
    commitAll(folder, 'now')
    return folder
  }

  it.each([
    ['a folder of a commit and one of the work tree', '.', 'released:whitelists', 'whitelists'],
    ['two folders of commits', '.', 'released:whitelists', 'HEAD:whitelists'],
    ['a list of a commit and one of the work tree', '.', `released:${file}`, file],
    ['lists of two commits', '.', `released:${file}`, `HEAD:${file}`],
    ['a path from a folder below', 'whitelists', 'released:./x86_64', 'HEAD:whitelists/x86_64'],
    ['a path that leads up', 'whitelists', 'released:../whitelists', '../whitelists'],
  ])('takes %s, with the types beside them', async (_, from, before, after) => {
    const { text, code } = await run(join(repository(), from), 'diff', before, after)
    expect(text).toContain(because)
    expect(text).toMatch(/^CHANGED: 4 symbols changed in x86_64/)
    expect(code).toBe(1)
  })

  it('names the lists as they were named', async () => {
    const { stdout } = await runMain(['whitelist', 'diff', `released:${file}`, file, '--format', 'json'], {
      cwd: repository(),
    })
    expect(JSON.parse(stdout)).toMatchObject({
      variants: [
        {
          before: { file: `released:${file}` },
          changed: [{ before: { file: `released:${file}` } }, {}, {}, {}],
        },
      ],
    })
  })

  it('takes a file for itself whose name has a colon', async () => {
    const { code } = await run(repository(), 'diff', 'odd:name', 'whitelists')
    expect(code).toBe(0)
  })

  it.each<[string, string, number, RegExp]>([
    ['a commit that is none', 'nowhere:whitelists', 2, /git knows no commit "nowhere"/],
    ['a path that the commit does not have', 'released:nothing', 3, /"released:nothing" does not exist/],
    ['a link in the commit', 'HEAD:astray', 3, /"astray" is a symbolic link/],
    ['a path out of the repository', 'HEAD:../../etc', 2, /leads out of the repository/],
    ['an option in the place of a commit', '--help:whitelists', 2, /unknown option/],
  ])('is an error for %s', async (_, before, code, message) => {
    const found = await run(repository(), 'diff', before, 'whitelists')
    expect(found.text).toMatch(message)
    expect(found.text).not.toMatch(/\/tmp\/kabi-gate/)
    expect(found.code).toBe(code)
  })
})

describe('whitelist update, with types beside the list and of the build', () => {
  const files = {
    'kabi.yml':
      'version: 1\nvariants:\n  x86_64: { arch: x86_64, symvers: Module.symvers, types: types.gz }\n',
    ...list('whitelists', old),
    'Module.symvers': table(now),
    'types.gz': typesOf(now),
  }

  it('says why what it refused changed', async () => {
    const { text, code } = await run(workspace(files), 'update')
    expect(text).toContain('x86_64: 4 of 4 protected symbols differ and were not accepted')
    expect(text).toContain(because)
    expect(text).toContain('--cause "struct NAME"')
    expect(code).toBe(1)
  })

  it('says it in JSON', async () => {
    const { stdout } = await runMain(['whitelist', 'update', '--json'], { cwd: workspace(files) })
    expect(JSON.parse(stdout)).toMatchObject({ explanation: { causes: [{ title: 'struct dev' }, {}] } })
  })

  it('accepts with --cause what changed through that type alone', async () => {
    const { text, code } = await run(workspace(files), 'update', '--dry-run', '--cause', 'struct  dev')
    expect(text).toContain('x86_64: 2 of 4 protected symbols differ and were not accepted')
    expect(text).toMatch(/changed h .* changed i /)
    expect(text).not.toMatch(/changed f /)
    expect(code).toBe(1)
  })

  it('accepts with both causes, and with symbols beside one', async () => {
    for (const more of [
      ['--cause', 's#bus'],
      ['--accept-changes', 'h', 'i'],
    ]) {
      const { text, code } = await run(
        workspace(files),
        'update',
        '--dry-run',
        '--cause',
        'struct dev',
        ...more,
      )
      expect(text).toContain('x86_64: 4 changed; 4 protected symbols')
      expect(code).toBe(0)
    }
  })

  it.each([
    ['a type that is no cause', 'struct dew', /no cause struct dew\. .*Did you mean struct dev\?/],
    ['nothing that changed', 'union u', /no cause union u\./],
  ])('refuses %s and writes nothing', async (_, cause, message) => {
    const { text, code } = await run(workspace(files), 'update', '--cause', cause)
    expect(text).toMatch(message)
    expect(code).toBe(2)
  })
})

describe('waiver --cause', () => {
  it('leaves out a symbol that another variant lost through something else', async () => {
    const cwd = workspace({
      'kabi.yml': `version: 1
variants:
  a: { arch: x86_64, symvers: a.symvers, types: a.gz, whitelist: list }
  b: { arch: x86_64, symvers: b.symvers, types: b.gz, whitelist: list }
`,
      list: table(old),
      'list.symtypes.gz': typesOf(old),
      'a.symvers': table(now),
      'a.gz': typesOf(now),
      'b.symvers': table(now).replace(/^.*\tf\t.*\n/m, ''),
      'b.gz': typesOf(now),
    })
    await runMain(['check', '--output', join(cwd, 'report.json')], { cwd })
    const because = ['--reason', 'only our own driver uses it', '--owner', 'Ada', '--expires', '2099-01-31']
    const { stdout, stderr, code } = await runMain(
      ['waiver', '--cause', 'struct dev', '--report', 'report.json', ...because],
      { cwd },
    )
    expect(stderr).toBe('')
    expect([...stdout.matchAll(/symbol: "?(\w+)/g)].map(([, symbol]) => symbol)).toEqual(['g'])
    expect(code).toBe(0)
  })
})
