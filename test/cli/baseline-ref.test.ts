import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspace } from '../e2e/workspace.ts'
import { runMain } from './run-main.ts'

const config = `version: 1
variants:
  x86_64: { arch: x86_64, symvers: Module.symvers }
`
const list = '0x00000011 a vmlinux EXPORT_SYMBOL\n0x00000012 b vmlinux EXPORT_SYMBOL\n'
const built = '0x00000011\ta\tvmlinux\tEXPORT_SYMBOL\t\n0x00000012\tb\tvmlinux\tEXPORT_SYMBOL\t\n'
const broken = built.replace('0x00000011', '0x00000021')
const waiver = `version: 1
waivers:
  - { symbol: a, variants: all, from: 0x11, to: 0x21, reason: nobody uses it any more, owner: Eve, expires: 2099-01-01 }
`

const atBase = {
  Makefile: 'VERSION = 6\n',
  '.gitignore': 'Module.symvers\n',
  'kabi.yml': config,
  'whitelists/x86_64/kabi_whitelist': list,
}

function git(cwd: string, ...args: readonly string[]): string {
  const person = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org']
  return execFileSync('git', ['-C', cwd, ...person, ...args], { encoding: 'utf8' }).trim()
}

/** A checkout with one commit, tagged `base`, and then what a patch and the build did to the work tree. */
function checkout(
  base: Readonly<Record<string, string>>,
  patch: Readonly<Record<string, string | undefined>>,
  prepare: (cwd: string) => void = () => undefined,
): string {
  const cwd = workspace(base)
  git(cwd, 'init', '--quiet')
  prepare(cwd)
  git(cwd, 'add', '.')
  git(cwd, 'commit', '--quiet', '-m', 'base')
  git(cwd, 'tag', 'base')
  for (const [name, text] of Object.entries(patch)) {
    rmSync(join(cwd, name), { force: true, recursive: true })
    if (text === undefined) continue
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
  return cwd
}

const check = (cwd: string, ...args: string[]) =>
  runMain(['check', '--baseline-ref', 'base', ...args], { cwd })

describe('check --baseline-ref', () => {
  it('passes an untouched tree and leaves nothing behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('kabi-gate-base-'))
    const cwd = checkout(atBase, { 'Module.symvers': built })
    const { code, stdout } = await check(cwd)
    expect(stdout).toMatch(/^PASS: compared 2 of 2/)
    expect(code).toBe(0)
    expect(git(cwd, 'status', '--porcelain')).toBe('')
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('kabi-gate-base-'))).toEqual(before)
  })

  it.each([
    ['the whitelist edited to match', { 'whitelists/x86_64/kabi_whitelist': list.replace('11', '21') }],
    ['the row taken out', { 'whitelists/x86_64/kabi_whitelist': list.replace(/^.*\n/, '') }],
    ['the whitelist gone', { whitelists: undefined }],
    [
      'a rule that lets it pass',
      { 'kabi.yml': `${config}policy: { rules: [{ symbol: a, action: pass }] }\n` },
    ],
    ['its weight lowered', { 'kabi.yml': `${config}policy: { kinds: { changed: ignore } }\n` }],
    ['a waiver added', { 'kabi.yml': `${config}waivers: w.yml\n`, 'w.yml': waiver }],
    [
      'the promise withdrawn',
      {
        'kabi.yml': `version: 1\nvariants: { x86_64: { arch: x86_64, promise: none, reason: nobody needs it } }\n`,
      },
    ],
    ['no configuration left', { 'kabi.yml': undefined }],
    ['a second configuration', { 'kabi.yaml': config }],
  ])('does not pass a break with %s', async (_, patch) => {
    const { code, stdout } = await check(checkout(atBase, { 'Module.symvers': broken, ...patch }))
    expect(stdout).toMatch(/^BREAK: 1 protected symbol changed/)
    expect(code).toBe(1)
  })

  it('counts a waiver of the base, and not one day more than the base gives it', async () => {
    const base = { ...atBase, 'kabi.yml': `${config}waivers: ci/w.yml\n`, 'ci/w.yml': waiver }
    expect((await check(checkout(base, { 'Module.symvers': broken }))).code).toBe(0)
    const ended = { ...base, 'ci/w.yml': waiver.replace('2099', '2020') }
    const { code, stdout } = await check(checkout(ended, { 'Module.symvers': broken, 'ci/w.yml': waiver }))
    expect(code).toBe(1)
    expect(stdout).toContain('ended with 2020-01-01')
  })

  it.each(['whitelists/x86_64/kabi_whitelist', 'whitelists/x86_64', 'whitelists', 'kabi.yml'])(
    'refuses a symbolic link at %s of the base',
    async (name) => {
      const cwd = checkout(atBase, { 'Module.symvers': built }, (folder) => {
        execFileSync('mv', [join(folder, name), join(folder, 'elsewhere')])
        symlinkSync(join(folder, 'elsewhere'), join(folder, name))
      })
      const { code, stdout } = await check(cwd)
      expect(code).toBe(3)
      expect(stdout.replace(/\s+/g, ' ')).toContain('is a symbolic link in the base commit')
    },
  )

  it('does not follow a link that the patch put in the way', async () => {
    const lenient = `${config}policy: { kinds: { changed: ignore } }\n`
    const cwd = checkout(
      {
        ...atBase,
        'ci/kabi.yml': config.replace('Module', '../Module'),
        'ci/whitelists/x86_64/kabi_whitelist': list,
        'fake/kabi.yml': lenient,
      },
      {
        'Module.symvers': broken,
        ci: undefined,
      },
    )
    symlinkSync('fake', join(cwd, 'ci'))
    expect((await check(cwd, '--config', 'ci/kabi.yml')).code).toBe(1)
  })

  it.each(['--output=x', '-h', '', 'nowhere', 'base:kabi.yml', 'base; touch x'])(
    'refuses %j as the name of a commit',
    async (ref) => {
      const cwd = checkout(atBase, { 'Module.symvers': built })
      const { code, stdout } = await runMain(['check', `--baseline-ref=${ref}`], { cwd })
      expect(code).toBe(2)
      expect(stdout).toContain('git knows no commit')
      expect(readdirSync(cwd)).not.toContain('x')
    },
  )

  it('tells to fetch the history when the checkout is shallow', async () => {
    const cwd = checkout(atBase, { Makefile: 'VERSION = 7\n' })
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
      { ...atBase, '.gitattributes': '* filter=evil text eol=crlf export-subst\n' },
      { 'Module.symvers': built },
    )
    git(cwd, 'config', 'filter.evil.smudge', `touch ${join(cwd, 'evil')}; cat`)
    expect((await check(cwd)).code).toBe(0)
    expect(readdirSync(cwd)).not.toContain('evil')
  })

  it('refuses a path out of the repository', async () => {
    const cwd = checkout(
      { ...atBase, 'kabi.yml': `${config}whitelists: ../lists\n` },
      { 'Module.symvers': built },
    )
    const { code, stdout } = await check(cwd)
    expect(code).toBe(2)
    expect(stdout).toContain('is not in the repository')
  })

  it('names a fault of the base by its commit', async () => {
    const base = { ...atBase, 'kabi.yml': `${config}colour: red\n` }
    const { code, stdout } = await check(checkout(base, { 'Module.symvers': built, 'kabi.yml': config }))
    expect(code).toBe(2)
    expect(stdout).toContain('kabi.yml:4:1')
    expect(stdout).not.toContain('kabi-gate-base-')
  })
})
