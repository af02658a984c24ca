import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataElement, withData } from '../../src/vendor/page/page-data.ts'
import { kabiYml, whitelist, workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const files = { 'kabi.yml': kabiYml, 'whitelists/kabi_whitelist_x86_64': whitelist }

describe('withData', () => {
  const data = { title: 'a </script> $& b', variants: [] }

  it('puts other data into a page, whatever is in it', () => {
    const page = `<b>${dataElement({ title: 'old', variants: [] })}<script>1</script>`
    expect(withData(page, data)).toBe(`<b>${dataElement(data)}<script>1</script>`)
    expect(dataElement(data).match(/<\/script>/g)).toHaveLength(1)
  })

  it('refuses what is no such page', () => {
    expect(withData('<html>', data)).toBeUndefined()
  })
})

// The page is in dist/ of a release; what it does is tested in test/browser.
describe.skipIf(!existsSync('dist/checker.html'))('kabi-gate module page (needs dist/checker.html)', () => {
  const run = (args: readonly string[], cwd: string) => runMain(['module', 'page', ...args], { cwd })

  it('writes a page with the whitelists of kabi.yml', async () => {
    const cwd = workspace(files)
    const { code, stdout } = await run(['--output', 'checker.html', '--title', 'Example 9'], cwd)
    expect([code, stdout]).toEqual([0, 'checker.html: the checker page for 1 variant\n'])
    const page = readFileSync(join(cwd, 'checker.html'), 'utf8')
    const [, text = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? []
    expect(JSON.parse(text)).toEqual({
      title: 'Example 9',
      variants: [{ name: 'x86_64', kernel: '', whitelist: expect.stringContaining('\tkmalloc\t') as string }],
    })
  })

  it('writes no page when a whitelist is missing', async () => {
    const cwd = workspace({ 'kabi.yml': kabiYml })
    const { code } = await run(['--output', 'checker.html'], cwd)
    expect([code, existsSync(join(cwd, 'checker.html'))]).toEqual([3, false])
  })
})
