import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildModule } from '../module/build-module.ts'
import { kabiYml, released, whitelist, workspace } from '../support/workspace.ts'
import { runCli } from './run-bundle.ts'

const list = 'whitelists/x86_64/kabi_whitelist'

test('from a driver over an issue to the list, its history and the page, and the driver is official then', async () => {
  const cwd = workspace({
    'kabi.yml': `${kabiYml}notes: [This is no certification.]\n`,
    [list]: whitelist,
    before: whitelist,
    'Module.symvers': released,
    'old.symvers': released,
    'card.ko': buildModule({ imports: { kmalloc: 0x11111111, nobody_cares: 0x44444444 } }),
  })
  const run = (...args: string[]) => runCli(args, { cwd })
  const check = () => run('module', 'check', '--variant', 'x86_64', 'card.ko')
  const before = await check()
  expect(before.stdout).toContain('symbol: nobody_cares')
  expect(before.stdout).toContain('\n\nNOTE: This is no certification.\n')
  expect(before.code).toBe(1)

  const earlier = ['--earlier', 'x86_64@6.1.1=old.symvers']
  const asked = await run('module', 'request', '--variant', 'x86_64', ...earlier, 'card.ko')
  expect(asked.stdout).toContain(
    '| `nobody_cares` | `card` | `card` `0x44444444` | exported `0x44444444`: `x86_64` | `6.1.1` or earlier |',
  )
  writeFileSync(join(cwd, 'issue.md'), `### Driver\r\n\r\ncard\r\n\r\n### The request\r\n\r\n${asked.stdout}`)
  const update = ['whitelist', 'update', '--request', 'issue.md']
  expect((await run(...update, '--issue', '42')).code).toBe(2)
  expect(readFileSync(join(cwd, list), 'utf8')).toBe(whitelist)
  const granted = await run(...update, '--issue', '42', '--reviewer', 'Jane Doe', '--json')
  expect(JSON.parse(granted.stdout)).toMatchObject({
    variants: [{ granted: { issue: '42', reviewer: 'Jane Doe', symbols: ['nobody_cares'] } }],
  })

  expect((await check()).code).toBe(0)
  expect((await run('whitelist', 'check')).code).toBe(0)
  const told = await run('whitelist', 'diff', 'before', list, '--format', 'json')
  expect(JSON.parse(told.stdout)).toMatchObject({
    result: 'grown',
    variants: [{ granted: [{ issue: '42' }] }],
  })
  const page = await run('module', 'page', '--ask', 'https://example.org/new', '--output', 'page.html')
  expect(page.code).toBe(0)
  expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toContain('nobody_cares')
})
