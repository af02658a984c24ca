import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const files = {
  'kabi.yml': 'version: 1\nvariants:\n  x86_64: { arch: x86_64, symvers: Module.symvers, whitelist: list }\n',
  list: '0x00000011 a vmlinux EXPORT_SYMBOL\n',
  'Module.symvers': '0x00000021\ta\tvmlinux\tEXPORT_SYMBOL\t\n',
  'reports/keep': '',
}
const excuse = ['--disable-kabi-check', '--reason', 'bisecting the break of bug 4711']

describe('an excused break on the command line', () => {
  it('adds a line to audit.jsonl beside the report', async () => {
    const cwd = workspace(files)
    const check = () => runMain(['check', ...excuse, '--output', join(cwd, 'reports/r.json')], { cwd })
    expect([(await check()).code, (await check()).code]).toEqual([0, 0])
    const lines = readFileSync(join(cwd, 'reports/audit.jsonl'), 'utf8').trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({
        verdict: 'overridden',
        reason: 'bisecting the break of bug 4711',
        failing: 1,
        symbols: ['a'],
      })
  })

  it('says it on standard error where there is no report', async () => {
    const { code, stderr } = await runMain(['check', ...excuse], { cwd: workspace(files) })
    expect(code).toBe(0)
    expect(stderr).toMatch(/^audit: \{"at":/m)
  })

  it('is no clean pass where the line is lost', async () => {
    const cwd = workspace({ ...files, 'reports/audit.jsonl/folder': '' })
    const { code, stderr } = await runMain(['check', ...excuse, '--output', join(cwd, 'reports/r.json')], {
      cwd,
    })
    expect([code, stderr]).toEqual([3, expect.stringContaining('the audit line was not written')])
  })

  it('leaves nothing of a run that was not excused', async () => {
    const cwd = workspace(files)
    const { code, stderr } = await runMain(['check', '--output', join(cwd, 'reports/r.json')], { cwd })
    expect([code, stderr.includes('audit')]).toEqual([1, false])
    expect(existsSync(join(cwd, 'reports/audit.jsonl'))).toBe(false)
  })
})
