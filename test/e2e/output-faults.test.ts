import { execFile } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kabiYml, patched, released, whitelist, workspace } from '../support/workspace.ts'

const cli = resolve('dist/cli.js')

/** Runs a line of shell in which $kabi is the committed command line. */
function shell(line: string, cwd: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, kabi: `${process.execPath} ${cli}` }
  return new Promise((settle) => {
    execFile('bash', ['-c', `set -o pipefail; ${line}`], { cwd, env }, (error, stdout, stderr) => {
      settle({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

const tree = (symvers: string) =>
  workspace({ 'kabi.yml': kabiYml, 'Module.symvers': symvers, 'whitelists/x86_64/kabi_whitelist': whitelist })

describe('an output that cannot be written is no verdict', () => {
  it.each([
    [
      'standard output on a full disk',
      '$kabi check >/dev/full',
      3,
      /^error: standard output could not be written.*\n$/m,
    ],
    ['both on a full disk', '$kabi check >/dev/full 2>&1', 3, /^$/],
    ['standard error on a full disk', '$kabi check 2>/dev/full', 0, /^$/],
    ['standard error closed', '$kabi check 2>&-', 0, /^$/],
    ['standard output closed', '$kabi check >&-', 3, /could not be written/],
    ['a reader of both that leaves', '$kabi check 2>&1 | true', 3, /^$/],
    ['a report on a full disk', '$kabi check --output text=/dev/full', 3, /the text report was not written/],
  ])('%s', async (_, line, code, told) => {
    const run = await shell(line, tree(released))
    // What a closed standard output is depends on who starts Node.js: it may be a device that takes everything.
    expect(line.endsWith('>&-') && !line.includes('2>') ? [0, 3] : [code]).toContain(run.code)
    if (run.code === code) expect(run.stderr.replace(/^x86_64 .*\n/gm, '')).toMatch(told)
    expect(run.stdout + run.stderr).not.toMatch(/^ +at /m)
  })

  it('a break that was found stays one', async () => {
    expect((await shell('$kabi check >/dev/full', tree(patched))).code).toBe(1)
  })

  it.each(['--output dir', '--output /proc/x/report.md', '--output kabi.yml/report.html'])(
    '%s is noticed before the work',
    async (option) => {
      const cwd = tree(patched)
      const options = option.endsWith('dir') ? '--output text=whitelists' : option
      const { code, stdout, stderr } = await shell(`$kabi check ${options}`, cwd)
      expect([code, stdout]).toEqual([3, ''])
      expect(stderr).toMatch(/^error: the \w+ report was not written: .*\n$/)
    },
  )

  it('a report file that is not written leaves nothing else', async () => {
    const cwd = tree(released)
    expect((await shell('$kabi check --output new/report.md', cwd)).code).toBe(0)
    expect(readdirSync(join(cwd, 'new'))).toEqual(['report.md'])
  })
})

describe('a home that is none', () => {
  it.each(['', 'home', '.'])('HOME=%s builds nothing in the kernel tree', async (home) => {
    const cwd = workspace({
      Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n',
      'arch/x86/x': '',
      'scripts/x': '',
      Kbuild: '',
    })
    writeFileSync(
      join(cwd, 'kabi.yml'),
      'version: 1\nvariants: { x: { arch: x86_64, strategy: full, config: { targets: [tinyconfig] } } }\n',
    )
    const before = readdirSync(cwd)
    await shell(
      `export HOME=${home}; timeout 20 $kabi whitelist create --work-dir /proc/none; $kabi doctor`,
      cwd,
    )
    expect(readdirSync(cwd)).toEqual(before)
    expect(existsSync(join(cwd, '.cache'))).toBe(false)
  })
})
