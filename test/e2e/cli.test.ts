import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { runCli } from './run-bundle.ts'
import { kabiYml, patched, released, whitelist, workspace } from '../support/workspace.ts'

const files = { kabi: whitelist, 'Module.symvers': released, 'patched.symvers': patched }

describe('kabi-gate compare', () => {
  it.each<[string, string[], number, RegExp]>([
    ['passes', ['kabi', 'Module.symvers'], 0, /^PASS/],
    ['breaks', ['kabi', 'patched.symvers'], 1, /^BREAK/],
    ['takes check-kabi’s options', ['-k', 'kabi', '-s', 'patched.symvers'], 1, /^BREAK/],
    ['cannot find a file', ['kabi', 'nowhere'], 3, /nowhere/],
  ])('%s', async (_, args, code, output) => {
    const run = await runCli(['compare', ...args], { cwd: workspace(files) })
    expect(run.stdout).toMatch(output)
    expect(run.code).toBe(code)
  })

  it.each<[string, string[], RegExp]>([
    ['a missing argument', ['kabi'], /Module\.symvers is missing/],
    ['an argument too many', ['kabi', 'a', 'b'], /too many/],
    ['an unknown option', ['kabi', 'Module.symvers', '--frmat', 'json'], /--format/],
    ['an unknown format', ['kabi', 'Module.symvers', '--format', 'xml'], /text, json, markdown/],
    ['a report file of unknown form', ['kabi', 'Module.symvers', '--output', 'report.xls'], /report\.xls/],
    ['the flag without reason', ['kabi', 'patched.symvers', '--disable-kabi-check'], /10 characters/],
    [
      'the flag with a short reason',
      ['kabi', 'Module.symvers', '--disable-kabi-check', '--reason', 'why'],
      /10 characters/,
    ],
    [
      'a reason without the flag',
      ['kabi', 'Module.symvers', '--reason', 'because I like it'],
      /not disabled/,
    ],
  ])('exits with 2 on %s', async (_, args, message) => {
    const run = await runCli(['compare', ...args], { cwd: workspace(files) })
    expect(run.stderr).toMatch(message)
    expect(run.stderr).not.toMatch(/^\s+at /m)
    expect(run.code).toBe(2)
  })

  it('reports in several forms at once', async () => {
    const cwd = workspace(files)
    const run = await runCli(
      ['compare', 'kabi', 'patched.symvers', '--json', '--output', 'a.md', '--output', 'text=b'],
      { cwd },
    )
    expect(run.code).toBe(1)
    expect(JSON.parse(run.stdout)).toMatchObject({ schemaVersion: 1, result: 'break' })
    expect(readFileSync(join(cwd, 'a.md'), 'utf8')).toContain('pci_enable_device')
    expect(readFileSync(join(cwd, 'b'), 'utf8')).toMatch(/^BREAK/)
  })

  it('is no clean pass when a report file could not be written', async () => {
    const run = await runCli(['compare', 'kabi', 'Module.symvers', '--output', 'kabi/report.md'], {
      cwd: workspace(files),
    })
    expect(run.stderr).toMatch(/kabi/)
    expect(run.code).toBe(3)
  })

  it('names who disabled the check and why in the first line, and exits with 0', async () => {
    const run = await runCli(
      ['compare', 'kabi', 'patched.symvers', '--disable-kabi-check', '--reason', 'bisecting the break'],
      { cwd: workspace(files) },
    )
    expect(run.stdout).toMatch(/^OVERRIDDEN by \S+: bisecting the break/)
    expect(run.stdout).toContain('pci_enable_device')
    expect(run.code).toBe(0)
  })

  it('prints no colour into a pipe', async () => {
    const run = await runCli(['compare', 'kabi', 'patched.symvers'], { cwd: workspace(files) })
    expect(run.stdout).not.toContain('\u001b')
  })
})

describe('kabi-gate check', () => {
  const tree = { 'kabi.yml': kabiYml, 'whitelists/x86_64/kabi_whitelist': whitelist }

  it('reads a Module.symvers that another build made', async () => {
    expect((await runCli(['check'], { cwd: workspace({ ...tree, 'Module.symvers': released }) })).code).toBe(
      0,
    )
    expect((await runCli(['check'], { cwd: workspace({ ...tree, 'Module.symvers': patched }) })).code).toBe(1)
  })

  it('takes the file from the command line, compressed or not', async () => {
    const cwd = workspace({ ...tree, 'other.gz': gzipSync(patched) })
    const run = await runCli(['check', '--symvers', 'x86_64=other.gz'], { cwd })
    expect(run.code).toBe(1)
  })

  it('points into the configuration at what it does not know', async () => {
    const cwd = workspace({ ...tree, 'kabi.yml': kabiYml.replace('symvers:', 'symver:') })
    const run = await runCli(['check'], { cwd })
    expect(run.stdout).toMatch(/kabi\.yml:5:5/)
    expect(run.stdout).toMatch(/symvers/)
    expect(run.stdout).toMatch(/\^{5,}/)
    expect(run.code).toBe(2)
  })

  it('is an error without configuration, and says what to do', async () => {
    const run = await runCli(['check'], { cwd: workspace({}) })
    expect(run.stdout).toContain('kabi-gate init')
    expect(run.code).toBeGreaterThan(1)
  })

  it('is an error for an empty whitelist', async () => {
    const cwd = workspace({ ...tree, 'Module.symvers': released, 'whitelists/x86_64/kabi_whitelist': '' })
    const run = await runCli(['check', '--json'], { cwd })
    expect(JSON.parse(run.stdout)).toMatchObject({ result: 'error', problems: [{ kind: 'empty-whitelist' }] })
    expect(run.code).toBe(3)
  })
})

describe('kabi-gate whitelist create', () => {
  const tree = { 'kabi.yml': kabiYml, 'Module.symvers': released }

  it('makes a whitelist that the same kernel passes and a patched one breaks', async () => {
    const cwd = workspace({ ...tree, names: 'kmalloc\npci_enable_device\n' })
    const created = await runCli(['whitelist', 'create', '--names', 'names'], { cwd })
    expect(created.stdout).toContain('2 protected symbols')
    expect(created.code).toBe(0)
    expect((await runCli(['check'], { cwd })).code).toBe(0)
    writeFileSync(join(cwd, 'Module.symvers'), patched)
    expect((await runCli(['check'], { cwd })).code).toBe(1)
  })

  it('overwrites nothing', async () => {
    const cwd = workspace({ ...tree, 'whitelists/x86_64/kabi_whitelist': whitelist })
    const run = await runCli(['whitelist', 'create'], { cwd })
    expect(run.code).toBe(3)
    expect(readFileSync(join(cwd, 'whitelists/x86_64/kabi_whitelist'), 'utf8')).toBe(whitelist)
  })

  it('writes nothing when no variant exports a name', async () => {
    const cwd = workspace({ ...tree, names: 'kmalloc\nkmaloc_typo\n' })
    const run = await runCli(['whitelist', 'create', '--names', 'names'], { cwd })
    expect(run.stdout).toContain('kmaloc_typo')
    expect(run.code).toBe(3)
    expect((await runCli(['check'], { cwd })).stdout).toMatch(/whitelist/i)
  })
})

describe('kabi-gate', () => {
  it.each([
    'check',
    'compare',
    'plan',
    'collect',
    'judge',
    'init',
    'demo',
    'doctor',
    'verify',
    'whitelist create',
    'whitelist derive',
    'whitelist import',
    'whitelist update',
    'whitelist check',
    'whitelist diff',
  ])('%s --help shows an example', async (name) => {
    const run = await runCli([...name.split(' '), '--help'])
    expect(run.stdout).toMatch(/Examples?:\n {2}/)
    expect(run.stdout).toContain(`kabi-gate ${name}`)
    expect(run.code).toBe(0)
  })

  it('without a command shows its help and exits with 2', async () => {
    const run = await runCli([])
    expect(run.stderr).toContain('check')
    expect(run.code).toBe(2)
  })

  it('plan prints the variants as JSON', async () => {
    const run = await runCli(['plan', '--json'], { cwd: workspace({ 'kabi.yml': kabiYml }) })
    expect(JSON.parse(run.stdout)).toMatchObject({
      schemaVersion: 1,
      variants: [{ name: 'x86_64', strategy: 'prebuilt' }],
    })
    expect(run.code).toBe(0)
  })

  it('plan prints the matrix of a workflow', async () => {
    const run = await runCli(['plan', '--matrix'], { cwd: workspace({ 'kabi.yml': kabiYml }) })
    expect(JSON.parse(run.stdout)).toEqual({
      include: [{ variant: 'x86_64', arch: 'x86_64', strategy: 'prebuilt', runner: 'ubuntu-24.04' }],
    })
    expect(run.code).toBe(0)
  })

  it('demo is green, red, and red excused, and exits with 0', async () => {
    const run = await runCli(['demo'])
    expect([...run.stdout.matchAll(/^ {2}(PASS|BREAK|OVERRIDDEN)/gm)].map(([, word]) => word)).toEqual([
      'PASS',
      'BREAK',
      'OVERRIDDEN',
    ])
    expect(run.stdout).toContain('+\tu32\t\tslot_power;')
    expect(run.code).toBe(0)
  })
})

describe('kabi-gate verify', () => {
  const base = { ...files, 'kabi.yml': kabiYml }
  const against = ['verify', '--variant', 'x86_64', '--against', 'Module.symvers']

  it.each<[string, string[], number, RegExp]>([
    [
      'ends with 0 when everything is equal',
      ['--symvers', 'x86_64=Module.symvers', '--all-exports'],
      0,
      /(\d+) of \1 symbols equal.*0 different\n$/,
    ],
    [
      'ends with 1 when a symbol differs',
      ['--symvers', 'x86_64=patched.symvers', '--all-exports'],
      1,
      /different +pci_enable_device/,
    ],
    ['looks at the protected symbols', ['--symvers', 'x86_64=Module.symvers'], 0, /symbols equal/],
    [
      'takes a list of names',
      ['--symvers', 'x86_64=Module.symvers', '--symbols', 'names'],
      1,
      /unknown +no_such_symbol/,
    ],
    ['refuses both at once', ['--symbols', 'names', '--all-exports'], 2, /^$/],
    ['says which file is missing', ['--symbols', 'nowhere'], 3, /nowhere/],
  ])('%s', async (_, args, code, output) => {
    const cwd = workspace({
      ...base,
      names: 'pci_enable_device\nno_such_symbol\n',
      'whitelists/x86_64/kabi_whitelist': whitelist,
    })
    const run = await runCli([...against, ...args], { cwd })
    expect(run.stdout).toMatch(output)
    expect(run.code).toBe(code)
  })
})
