import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

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
