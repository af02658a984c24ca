import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const has = (program: string) => spawnSync(program, ['--version']).error === undefined

const script = async (shell: string): Promise<string> => {
  const { code, stdout, stderr } = await runMain(['completion', shell], { cwd: '/' })
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

const files = { 'report.json': '', 'a b.json': '', 'folder/inner.yml': '' }

describe('completion bash', () => {
  /** What bash offers for the last of some words. */
  const offered = async (words: string): Promise<readonly string[]> => {
    const folder = workspace({ ...files, 'completion.bash': await script('bash') })
    const program = `source ./completion.bash; read -ra COMP_WORDS <<< "$1"; [[ $1 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _kabi_gate; printf '%s\\n' "\${COMPREPLY[@]}"`
    const output = execFileSync('bash', ['-c', program, 'bash', words], { cwd: folder, encoding: 'utf8' })
    return output.split('\n').filter((line) => line !== '')
  }

  it.skipIf(!has('bash')).each([
    ['kabi-gate ', expect.arrayContaining(['check', 'whitelist', 'completion', 'man', '--version'])],
    ['kabi-gate ch', ['check']],
    ['kabi-gate whitelist cr', ['create']],
    ['kabi-gate whitelist create --na', ['--names']],
    ['kabi-gate check --format ', expect.arrayContaining(['text', 'json', 'names'])],
    ['kabi-gate check --format j', ['json', 'junit']],
    ['kabi-gate completion --', ['--help']],
    ['kabi-gate waiver kfree_skb --report rep', ['report.json']],
    ['kabi-gate waiver kfree_skb --report a', ['a b.json']],
    ['kabi-gate check --source fol', ['folder']],
    ['kabi-gate check --reason any', []],
    ['kabi-gate whitelist diff f', ['folder']],
    ['kabi-gate check --source x --out', ['--output']],
  ])('offers for %j what fits', async (words, expected) => {
    expect(await offered(words)).toEqual(expected)
  })
})

describe('completion of other shells', () => {
  it.skipIf(!has('zsh'))('is a script that zsh reads, with a function for each command', async () => {
    const folder = workspace({ '_kabi-gate': await script('zsh') })
    const program =
      'autoload -U compinit; compinit -u -D; source ./_kabi-gate; print $_comps[kabi-gate]; print ${+functions[_kabi_gate_whitelist_create]}'
    expect(execFileSync('zsh', ['-fc', program], { cwd: folder, encoding: 'utf8' })).toBe('_kabi_gate\n1\n')
  })

  it.skipIf(!has('fish')).each([
    ['kabi-gate whitelist cr', ['create']],
    ['kabi-gate check --format js', ['json']],
    ['kabi-gate che', ['check']],
  ])('offers for %j in fish what fits', async (words, expected) => {
    const folder = workspace({ 'kabi-gate.fish': await script('fish') })
    const program = `source ./kabi-gate.fish; complete -C ${JSON.stringify(words)}`
    const lines = execFileSync('fish', ['--no-config', '-c', program], {
      cwd: folder,
      encoding: 'utf8',
    }).trim()
    expect(lines.split('\n').map((line) => line.split('\t')[0])).toEqual(expected)
  })

  it('refuses a shell that it does not know', async () => {
    const { code, stderr } = await runMain(['completion', 'csh'], { cwd: '/' })
    expect([code, stderr]).toEqual([2, expect.stringContaining('bash, zsh, fish')])
  })
})

describe('man', () => {
  it('has every command and option, and no line that man reads as an unknown request', async () => {
    const { code, stdout } = await runMain(['man'], { cwd: '/' })
    expect(code).toBe(0)
    for (const text of ['.SH WHITELIST CREATE', '.SH COMPLETION', '.SH EXIT STATUS', '\\-\\-allow\\-absent'])
      expect(stdout).toContain(text)
    const requests = new Set(stdout.split('\n').flatMap((line) => /^[.'](\w*)/.exec(line)?.[1] ?? []))
    expect([...requests].sort()).toEqual(['B', 'I', 'PP', 'RI', 'SH', 'TH', 'TP', 'fi', 'nf'])
  })

  it.skipIf(!has('man'))('is a page that man formats without a warning', async () => {
    const { stdout } = await runMain(['man'], { cwd: '/' })
    const folder = workspace({ 'kabi-gate.1': stdout })
    const page = spawnSync('man', ['--warnings', '-l', 'kabi-gate.1'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, MANPAGER: 'cat', MANWIDTH: '80' },
    })
    expect(page.stderr).toBe('')
    expect(page.stdout).toMatch(/^KABI-GATE\(1\)/)
    expect(page.stdout).toContain('whitelist create')
  })
})

describe('help', () => {
  it.each([
    [60, 60],
    [200, 200],
  ])('is wrapped to a terminal of %d columns', async (columns, most) => {
    const { main } = await import('../../src/cli/main.ts')
    const { collector } = await import('./run-main.ts')
    const out = collector()
    const stream = Object.assign(out.stream, { isTTY: true, columns })
    const signal = new AbortController().signal
    await main(['help', 'init'], { cwd: '/', env: {}, stdout: stream, stderr: stream, signal })
    const longest = Math.max(
      ...out
        .text()
        .split('\n')
        .map((line) => line.length),
    )
    expect(longest).toBeLessThanOrEqual(most)
    expect(longest).toBeGreaterThan(most / 2)
  })
})
