import { describe, expect, it } from 'vitest'
import { workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const run = (...args: readonly string[]) => runMain([...args], { cwd: workspace({}) })

describe('help', () => {
  it.each([
    [['help'], 'Guards a kernel’s ABI'],
    [['help', 'check'], 'Usage: kabi-gate check'],
    [['help', 'whitelist'], 'Usage: kabi-gate whitelist'],
    [['help', 'whitelist', 'create'], 'Usage: kabi-gate whitelist create'],
    [['whitelist', 'help'], 'Usage: kabi-gate whitelist'],
    [['whitelist', 'help', 'create'], 'Usage: kabi-gate whitelist create'],
  ])('%j shows that of the command', async (args, text) => {
    const { code, stdout } = await run(...args)
    expect([code, stdout]).toEqual([0, expect.stringContaining(text)])
  })

  it.each([
    [['help', 'nosuch'], 'there is no command nosuch', 'Commands are check, '],
    [['help', 'chekc'], 'there is no command chekc', 'Did you mean check?'],
    [['help', 'whitelist', 'creat'], 'there is no command whitelist creat', 'Did you mean create?'],
    [['whitelist', 'help', 'nosuch'], 'there is no command whitelist nosuch', 'Commands are create, '],
    [['help', 'check', 'more'], 'there is no command check more', 'check has none.'],
  ])('%j says that there is none, and the nearest', async (args, message, advice) => {
    const { code, stderr } = await run(...args)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
    expect(stderr).toContain(advice)
  })

  it.each(['check', 'plan', 'waiver', 'explain'])(
    'names no empty list as the default: %s',
    async (command) => {
      const { code, stdout } = await run('help', command)
      expect(code).toBe(0)
      expect(stdout).not.toContain('[]')
      expect(stdout).toContain('--')
    },
  )

  it('names every other default', async () => {
    expect((await run('help', 'check')).stdout.replaceAll(/\s+/g, ' ')).toContain('(default: ".")')
  })

  it('is a file where a command takes one', async () => {
    expect((await run('compare', 'help', 'help')).code).toBe(3)
  })
})
