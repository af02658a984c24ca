import { describe, expect, it } from 'vitest'
import { textLayout, wantsColor } from '../../src/cli/terminal.ts'
import { runCli } from '../e2e/run-bundle.ts'

describe('colour', () => {
  it.each([
    ['a terminal', { isTTY: true }, {}, true],
    ['a terminal in CI', { isTTY: true }, { CI: 'true' }, true],
    ['a pipe', {}, {}, false],
    ['a terminal whose user asks for none', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['a terminal that shows none', { isTTY: true }, { TERM: 'dumb' }, false],
  ])('is decided by the stream: %s', (_, from, env, expected) => {
    expect(wantsColor(from, env)).toBe(expected)
  })

  it.each([[{ CI: 'true' }], [{ GITHUB_ACTIONS: 'true', CI: 'true' }]])(
    'is not written to a log: %j',
    async (env) => {
      const { stdout, stderr } = await runCli(['demo'], { env })
      expect(stdout).toContain('BREAK')
      expect(stdout + stderr).not.toContain('\u001b')
    },
  )
})

describe('width', () => {
  it.each([
    ['a narrow terminal', { isTTY: true, columns: 60 }, 60],
    ['a wide terminal, where long lines are hard to read', { isTTY: true, columns: 250 }, 100],
    ['a terminal that does not tell', { isTTY: true, columns: 0 }, 80],
    ['a pipe', {}, 100],
  ])('of prose is that of the stream: %s', (_, stream, width) => {
    expect(textLayout(stream, {}).width).toBe(width)
  })
})
