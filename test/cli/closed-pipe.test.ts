import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { workspace } from '../support/workspace.ts'

test('a reader that leaves before the end is no failure', async () => {
  const names = (prefix: string) =>
    Array.from({ length: 20_000 }, (_, index) => `${prefix}${index}\n`).join('')
  const cwd = workspace({ old: names('a'), new: names('b') })
  const args = ['--import', 'tsx', 'src/cli/index.ts', 'whitelist', 'diff', `${cwd}/old`, `${cwd}/new`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdout.once('data', () => child.stdout.destroy())
  await once(child, 'close')
  expect(stderr).toBe('')
  expect(child.exitCode).toBe(1)
})
