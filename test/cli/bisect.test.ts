import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkoutOf, commitAll, git } from '../support/git.ts'
import { workspace, writeFiles } from '../support/workspace.ts'
import { broken, built, config, list, released } from './released-tree.ts'
import { runMain } from './run-main.ts'

/** A checkout with the release, tagged `base`, and a commit after it; `symvers` is what a build of that gave. */
function checkout(symvers: string, after: Readonly<Record<string, string | undefined>> = {}): string {
  const cwd = checkoutOf(released).folder
  writeFiles(cwd, { Makefile: 'VERSION = 7\n', ...after })
  commitAll(cwd, 'after')
  writeFiles(cwd, { 'Module.symvers': symvers })
  return cwd
}

const step = (cwd: string, ...args: readonly string[]) => runMain(['check', '--bisect', ...args], { cwd })
const base = ['--baseline-ref', 'base']
const head = (cwd: string): string => git(cwd, 'rev-parse', 'HEAD').slice(0, 12)

describe('check --bisect', () => {
  it.each([
    ['good', built, [], 0, 'good: 2 protected symbols compared, nothing is broken'],
    ['bad', broken, [], 1, 'bad: a 0x00000011 → 0x00000021, checksum changed (x86_64)'],
    ['good', broken, ['--symbol', 'b'], 0, 'good: b is not broken'],
    ['bad', broken, ['--symbol', 'a'], 1, 'bad: a 0x00000011 → 0x00000021, checksum changed (x86_64)'],
    [
      'bad',
      built.replace(/^.*\tb\t.*\n/m, ''),
      ['--symbol', 'b'],
      1,
      'bad: b 0x00000012, symbol removed (x86_64)',
    ],
  ])('says in one line that a commit is %s', async (_, symvers, args, code, line) => {
    const cwd = checkout(symvers)
    const ran = await step(cwd, ...base, ...args)
    expect([ran.code, ran.stdout]).toEqual([code, `${head(cwd)} ${line}\n`])
  })

  it('does not count what the commit has of the gate, nor lines that hide something', async () => {
    const cwd = checkout(built, {
      'kabi.yml': 'nothing: at all\n',
      whitelists: undefined,
      'include/a.h': '#ifndef __GENKSYMS__\nint hidden;\n#endif\n',
    })
    expect((await runMain(['check', ...base], { cwd })).code).toBe(1)
    expect((await step(cwd, ...base)).code).toBe(0)
  })

  it('says that a file was changed since the commit', async () => {
    const cwd = checkout(built)
    writeFiles(cwd, { Makefile: 'VERSION = 8\n' })
    expect((await step(cwd, ...base)).stdout).toContain(`${head(cwd)} (edited) good: `)
  })

  it('goes by a configuration and lists outside of the tree', async () => {
    const cwd = checkout(broken)
    const gate = workspace({
      'kabi.yml': config.replace('Module.symvers', join(cwd, 'Module.symvers')),
      'whitelists/x86_64/kabi_whitelist': list,
    })
    expect((await step(cwd, '--config', join(gate, 'kabi.yml'))).code).toBe(1)
  })

  it('goes by files in the tree that no commit has', async () => {
    const { folder } = checkoutOf({ Makefile: 'VERSION = 6\n' })
    writeFiles(folder, { ...released, 'Module.symvers': built })
    expect((await step(folder)).code).toBe(0)
  })

  it.each([
    ['kabi.yml', {}],
    [
      'lists/kabi_whitelist',
      { 'kabi.yml': config.replace('symvers:', 'whitelist: lists/kabi_whitelist, symvers:') },
    ],
    ['w.yml', { 'kabi.yml': `${config}waivers: w.yml\n` }],
  ])('stops where %s belongs to the commit that is checked out', async (file, changed) => {
    const cwd = workspace({
      ...released,
      'lists/kabi_whitelist': list,
      'w.yml': 'version: 1\nwaivers: []\n',
      'Module.symvers': built,
      ...changed,
    })
    git(cwd, 'init', '--quiet')
    git(cwd, 'add', 'Makefile', file)
    git(cwd, 'commit', '--quiet', '-m', 'one')
    const { code, stdout, stderr } = await step(cwd)
    expect([code, stdout]).toEqual([
      128,
      `${head(cwd)} stopped: wrong usage: "${file}" belongs to the commit that is checked out, so every step would go by another one.\n`,
    ])
    expect(stderr).toContain('--baseline-ref')
  })

  it.each([
    ['a moving commit', ['--baseline-ref', 'HEAD']],
    ['a moving commit', ['--baseline-ref', 'HEAD~3']],
    ['a moving commit', ['--baseline-ref', '@']],
    ['a moving commit', ['--baseline-ref', 'refs/bisect/bad']],
    ['no commit', ['--baseline-ref', 'nowhere']],
    ['the disable flag', [...base, '--disable-kabi-check', '--reason', 'bisecting the break']],
    ['a reason', [...base, '--reason', 'bisecting the break']],
    ['another comparison', ['--from', 'base']],
    ['a patch', [...base, '--patch', 'file']],
    ['two questions', [...base, '--symbol', 'a', '--type', 'struct a']],
    ['two symbols', [...base, '--symbol', 'a', '--symbol', 'b']],
    ['two types', [...base, '--type', 'struct a struct b']],
    ['an empty type', [...base, '--type', '']],
    ['a name without quotes', [...base, '--type', 'struct', 'a']],
    ['an option that is not there', [...base, '--simbol', 'a']],
    ['a symbol that nobody protects', [...base, '--symbol', 'nobody']],
    ['a type that no list knows', [...base, '--type', 'struct nobody']],
    ['no configuration', [...base, '--config', 'nowhere.yml']],
    ['a report that cannot be written', [...base, '--output', '/dev/null/report.json']],
    ['an unknown variant', [...base, '--variant', 's390x']],
  ])('stops the bisection for %s: %j', async (_, args) => {
    const { code, stdout, stderr } = await step(checkout(broken), ...args)
    expect(code).toBe(128)
    expect(stdout + stderr).not.toBe('')
  })

  it.each(['--symbol', '--type'])('stops a bisection for %s without --bisect', async (option) => {
    const { code, stderr } = await runMain(['check', option, 'a'], { cwd: checkout(broken) })
    expect(code).toBe(128)
    expect(stderr).toContain(`${option} needs --bisect`)
  })

  it.each([
    ['without its list', { 'whitelists/x86_64/kabi_whitelist': undefined }],
    ['with a list that is not understood', { 'whitelists/x86_64/kabi_whitelist': 'rubbish, rubbish\n' }],
    ['without a configuration', { 'kabi.yml': undefined }],
    ['with a configuration that is not accepted', { 'kabi.yml': 'nothing: at all\n' }],
  ])('stops for a base %s', async (_, files) => {
    const cwd = checkout(built, files)
    expect((await step(cwd, '--baseline-ref', 'main')).code).toBe(128)
  })

  it('stops outside of a checkout, and when it is interrupted', async () => {
    const outside = workspace({ ...released, 'Module.symvers': built })
    const { code, stdout } = await step(outside)
    expect([code, stdout]).toEqual([128, expect.stringMatching(/^stopped: /)])
    const signal = AbortSignal.abort()
    expect((await runMain(['check', '--bisect', ...base], { cwd: checkout(built), signal })).code).toBe(128)
  })

  it('leaves standard output to a report that was asked for, and writes no audit record', async () => {
    const cwd = checkout(broken)
    const reports = workspace({})
    const output = join(reports, 'report.json')
    const { code, stdout, stderr } = await step(cwd, ...base, '--json', '--output', output)
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ result: 'break' })
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({ result: 'break' })
    expect(stderr).toContain(`${head(cwd)} bad: a 0x00000011 → 0x00000021, checksum changed (x86_64)\n`)
    expect(readdirSync(reports)).toEqual(['report.json'])
    expect(existsSync(join(cwd, 'audit.jsonl'))).toBe(false)
  })

  it('is shown in the help, with its exit codes', async () => {
    const { stdout } = await runMain(['help', 'check'], { cwd: '/' })
    expect(stdout).toContain('git bisect run kabi-gate check --bisect')
    expect((await runMain(['help'], { cwd: '/' })).stdout).toContain('125 this commit cannot be looked at')
  })
})

describe('the program in a bisection', () => {
  it.each([
    ['good', built],
    ['bad', broken],
  ])('stops when nobody can read that a commit is %s', async (_, symvers) => {
    const args = ['--import', 'tsx', resolve('src/cli/index.ts'), 'check', '--bisect', ...base]
    const cwd = checkout(symvers)
    const tsx = pathToFileURL(resolve('node_modules/tsx/dist/esm/index.mjs')).href
    const child = spawn(process.execPath, args.with(1, tsx), { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    await once(child, 'close')
    expect([child.exitCode, stderr]).toEqual([128, expect.stringContaining('its reader has gone')])
  })
})
