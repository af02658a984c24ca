import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspace } from '../support/workspace.ts'
import { main } from '../../src/cli/main.ts'
import { waivedSubject } from '../../src/judge/waiver.ts'
import { parseWaivers } from '../../src/config/parse-waivers.ts'
import { collector, runMain } from './run-main.ts'

const because = ['--reason', 'only our "own" driver: uses it', '--owner', 'Ada', '--expires', '2099-01-31']

const broken = {
  'kabi.yml': `version: 1
waivers: kabi-waivers.yml
variants:
  x86_64: { arch: x86_64, symvers: Module.symvers, whitelist: list }
  s390x: { arch: s390, symvers: Module.symvers, whitelist: list }
`,
  'kabi-waivers.yml': 'version: 1\nwaivers: []\n',
  list: '0x00000011 a vmlinux EXPORT_SYMBOL\n0x00000012 gone vmlinux EXPORT_SYMBOL\n',
  'Module.symvers': '0x00000021\ta\tvmlinux\tEXPORT_SYMBOL\t\n',
}

describe('kabi-gate waiver', () => {
  it('prints from the report of a break what makes the next check pass, and no more', async () => {
    const cwd = workspace(broken)
    const check = (file: string) => runMain(['check', '--output', join(cwd, file)], { cwd })
    expect((await check('report.json')).code).toBe(1)
    const printed = await runMain(['waiver', 'a', '--report', 'report.json', ...because], { cwd })
    expect(printed).toMatchObject({ code: 0, stderr: '' })
    expect(printed.stdout).toContain('variants: [x86_64, s390x]')

    const first = workspace({ ...broken, 'kabi-waivers.yml': `version: 1\nwaivers:\n${printed.stdout}` })
    const still = await runMain(['check'], { cwd: first })
    expect(still.code).toBe(1)
    expect(still.stdout).toMatch(
      /^BREAK: 1 protected symbol removed in both variants; 2 findings waived by Ada\n/,
    )

    const both = await runMain(['waiver', 'a', 'gone', '--report', 'report.json', ...because], { cwd })
    const second = workspace({ ...broken, 'kabi-waivers.yml': `version: 1\nwaivers:\n${both.stdout}` })
    const passed = await runMain(['check', '--output', join(second, 'after.json')], { cwd: second })
    expect(passed.code).toBe(0)
    expect(passed.stdout).toMatch(/^PASS: .*; 4 findings waived by Ada\n/)
    expect(passed.stdout).toContain('waived: 4 findings excused by 2 waivers')
    const report = readFileSync(join(second, 'after.json'), 'utf8')
    expect(report).toContain('"owner": "Ada"')
    const again = await runMain(['waiver', 'a', '--report', 'after.json', ...because], { cwd: second })
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('no failing finding about "a"')
  })

  it.each([
    [
      'a short reason',
      ['--reason', 'x', '--owner', 'Ada', '--expires', '2099-01-31'],
      'at least ten characters',
    ],
    ['a day that is none', [...because.slice(0, 4), '--expires', '2099-02-31'], 'no day of the calendar'],
  ])('refuses %s as the check would', async (_, options, message) => {
    const cwd = workspace(broken)
    await runMain(['check', '--output', join(cwd, 'report.json')], { cwd })
    const { code, stderr, stdout } = await runMain(['waiver', 'a', '--report', 'report.json', ...options], {
      cwd,
    })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it.each(['{', '[]', '{"schemaVersion":1}', '{"schemaVersion":1,"findings":[{"symbol":"a\\n- x"}]}'])(
    'refuses what is no report: %s',
    async (report) => {
      const cwd = workspace({ 'report.json': report })
      const { code, stderr, stdout } = await runMain(['waiver', 'a', '--report', 'report.json', ...because], {
        cwd,
      })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('is not a JSON report')
    },
  )

  const report = (findings: object[], causes: object[] = []) =>
    workspace({
      ...broken,
      'report.json': JSON.stringify({ schemaVersion: 1, findings, explanation: { causes } }),
      symbols: 'a\nb\n',
    })
  const finding = (symbol: string, ids: string[], sameIn: string[] = []) => ({
    ...{ kind: 'changed', severity: 'fail', variant: 'x86_64', sameIn, symbol, causes: ids },
    baseline: { crc: '0x00000011' },
    current: { crc: '0x00000021' },
  })
  const causes = [
    { id: '1', name: 's#pci_dev', title: 'struct pci_dev' },
    { id: '2', name: 's#device', title: 'struct device' },
  ]
  const symbolsIn = (text: string) => [...text.matchAll(/symbol: (\S+)/g)].map(([, name]) => name)

  it('takes all symbols that changed through one type alone', async () => {
    const cwd = report([finding('abcd', ['1']), finding('efgh', ['1', '2']), finding('ijkl', ['2'])], causes)
    const waive = (...args: string[]) =>
      runMain(['waiver', '--report', 'report.json', ...args, ...because], { cwd })
    expect(symbolsIn((await waive('--cause', 'struct pci_dev')).stdout)).toEqual(['abcd'])
    const both = await waive('--cause', 's#device', '--cause', 'struct  pci_dev', 'efgh')
    expect(symbolsIn(both.stdout)).toEqual(['efgh', 'abcd', 'ijkl'])
    expect(await waive('--cause', 'struct pci_dve')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean struct pci_dev?') as string,
    })
    expect(await waive()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing is named') as string,
    })
  })

  it('takes the layouts of types and prototypes, however they are spelled, with --layout and with --cause', async () => {
    const layout = (name: string) => ({
      ...{ name, severity: 'fail', variant: 'x86_64' },
      ...{ digestBefore: '0'.repeat(16), digestAfter: '1'.repeat(16) },
    })
    const named = [...causes, { id: '3', name: 'ijkl', title: 'declaration of ijkl' }]
    const cwd = workspace({
      'report.json': JSON.stringify({
        schemaVersion: 1,
        findings: [finding('abcd', ['1']), finding('ijkl', ['3'])],
        explanation: { causes: named },
        layouts: [layout('s#pci_dev'), layout('ijkl')],
      }),
    })
    const layoutsOf = async (...args: string[]) => {
      const { code, stdout } = await runMain(['waiver', '--report', 'report.json', ...args, ...because], {
        cwd,
      })
      return [code, [...stdout.matchAll(/layout: (.+)/g)].map(([, name]) => name)]
    }
    expect(await layoutsOf('--layout', 'struct  pci_dev')).toEqual([0, ['"struct pci_dev"']])
    expect(await layoutsOf('--layout', 's#pci_dev', '--layout', 'ijkl')).toEqual([
      0,
      ['"struct pci_dev"', 'ijkl'],
    ])
    expect(await layoutsOf('--cause', 'struct  pci_dev')).toEqual([0, ['"struct pci_dev"']])
    expect(await layoutsOf('--cause', 'declaration of ijkl')).toEqual([0, ['ijkl']])
    expect(await layoutsOf('--layout', 'struct device')).toEqual([2, []])
  })

  it('takes what only warns because it was there before, and not what only warns', async () => {
    const warning = (symbol: string, excused: boolean) => ({
      ...finding(symbol, []),
      severity: 'warn',
      excused,
    })
    const cwd = report([warning('abcd', true), warning('efgh', false)])
    const waive = (symbol: string) =>
      runMain(['waiver', symbol, '--report', 'report.json', ...because], { cwd })
    expect(symbolsIn((await waive('abcd')).stdout)).toEqual(['abcd'])
    expect((await waive('efgh')).code).toBe(2)
  })

  it('takes symbols from a list, and every variant that a finding is the same in', async () => {
    const cwd = report([finding('a', [], ['s390x']), finding('b', [])])
    const { stdout } = await runMain(['waiver', '@symbols', '--report', 'report.json', ...because], { cwd })
    expect(stdout).toContain('symbol: "a"\n    variants: [x86_64, s390x]')
    const missing = await runMain(['waiver', '@nowhere', '--report', 'report.json', ...because], { cwd })
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('@nowhere') as string })
  })

  const one =
    'version: 1 # ours\n\nwaivers:\n- symbol: zzzz\n  variants: all\n  from: 0x00000001\n  to: 0x00000002\n  reason: "long enough text"\n  owner: "Eve"\n  expires: 2099-01-01\n'
  it.each([
    ['no file', undefined, []],
    ['an empty file', '', []],
    ['a file with a comment', '# ours', []],
    ['an empty list', 'version: 1\nwaivers: [] # none yet\n', []],
    ['an empty list that is not the last key', 'waivers: []\nversion: 1\n', []],
    ['a list without indentation', one, ['zzzz']],
    ['a list that does not end its line', one.trimEnd(), ['zzzz']],
    ['a list with a comment behind it', `${one}  # the end\n`, ['zzzz']],
    ['a list that is not the last key', `${one.replace('version: 1 # ours\n', '')}version: 1\n`, ['zzzz']],
  ])('--append makes a valid file of %s, and keeps what stands there', async (_, text, there) => {
    const cwd = report([finding('abcd', [])])
    const file = join(cwd, 'kabi-waivers.yml')
    if (text === undefined) rmSync(file)
    else writeFileSync(file, text)
    const args = ['waiver', 'abcd', '--report', 'report.json', '--append', 'kabi-waivers.yml', ...because]
    expect(await runMain(args, { cwd })).toMatchObject({ code: 0, stdout: `1 waiver added to ${file}\n` })
    const { value, problems } = parseWaivers(readFileSync(file, 'utf8'), file, ['x86_64'])
    expect(problems).toEqual([])
    expect(value.map(waivedSubject)).toEqual([...there, 'abcd'])
    for (const line of (text ?? '').match(/#.*/g) ?? []) expect(readFileSync(file, 'utf8')).toContain(line)
    const before = readFileSync(file, 'utf8')
    const again = await runMain(args, { cwd })
    expect(again).toMatchObject({ code: 2, stdout: expect.stringContaining('says already') as string })
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it.each(['waivers: {', 'version: 1\nwaivers: [{ symbol: a }]\n', 'other: file\n', '- a\n'])(
    '--append leaves a file alone that it cannot add to: %j',
    async (text) => {
      const cwd = report([finding('abcd', [])])
      writeFileSync(join(cwd, 'kabi-waivers.yml'), text)
      const args = ['waiver', 'abcd', '--report', 'report.json', '--append', 'kabi-waivers.yml', ...because]
      expect((await runMain(args, { cwd })).code).toBe(2)
      expect(readFileSync(join(cwd, 'kabi-waivers.yml'), 'utf8')).toBe(text)
    },
  )

  it('prints into a file what makes it valid, whether or not something stands in it', async () => {
    const cwd = report([finding('abcd', []), finding('efgh', [])])
    const file = join(cwd, 'made.yml')
    for (const symbol of ['abcd', 'efgh']) {
      const fd = openSync(file, 'a')
      const out = collector()
      const stdout = Object.assign(out.stream, { fd })
      const terminal = { cwd, env: {}, stdout, stderr: stdout, signal: new AbortController().signal }
      expect(await main(['waiver', symbol, '--report', 'report.json', ...because], terminal)).toBe(0)
      writeSync(fd, out.text())
      closeSync(fd)
    }
    const { value, problems } = parseWaivers(readFileSync(file, 'utf8'), file, ['x86_64'])
    expect([value.map(waivedSubject), problems]).toEqual([['abcd', 'efgh'], []])
  })

  it('refuses a report of a newer version, and says what to do', async () => {
    const cwd = workspace({ 'report.json': '{"schemaVersion":3,"findings":[]}' })
    const { code, stderr } = await runMain(['waiver', 'a', '--report', 'report.json', ...because], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('This report is of version 3; this kabi-gate reads up to version 1.')
    expect(stderr).toContain('kabi-gate check --output report.json')
  })

  it('makes a file of waivers that is not understood an error of the check', async () => {
    const cwd = workspace({ ...broken, 'kabi-waivers.yml': 'version: 1\nwaivers: [{ symbol: a }]\n' })
    const { code, stdout } = await runMain(['check'], { cwd })
    expect(code).toBe(2)
    expect(stdout).toContain('kabi-waivers.yml:2')
    const missing = workspace({
      ...broken,
      'kabi.yml': broken['kabi.yml'].replace('kabi-waivers', 'nowhere'),
    })
    expect((await runMain(['check'], { cwd: missing })).code).toBe(3)
  })
})
