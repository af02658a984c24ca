import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  askElement,
  dataElement,
  frameText,
  withData,
  type PageData,
} from '../../src/vendor/page/page-data.ts'
import { kabiYml, whitelist, workspace } from '../support/workspace.ts'
import { runMain } from './run-main.ts'

const files = { 'kabi.yml': kabiYml, 'whitelists/kabi_whitelist_x86_64': whitelist }

describe('withData', () => {
  const data = {
    title: 'a </script> $& "b" <nav>',
    ask: 'https://example.org/?a&b="c"',
    notes: ['</nav>'],
    variants: [],
  }

  it('puts other data into a page, whatever is in it', () => {
    const page = (one: PageData) =>
      `<iframe srcdoc="${frameText(`<b>${dataElement(one)}`)}<i>"></iframe>${askElement(one)}<p>`
    expect(withData(page({ title: 'old', ask: '', notes: [], variants: [] }), data)).toBe(page(data))
    expect(dataElement(data).match(/<\/script>/g)).toHaveLength(1)
    expect(page(data).match(/<\/?nav>/g)).toEqual(['<nav>', '</nav>'])
    expect(askElement(data)).toContain('href="https://example.org/?a&#38;b=&#34;c&#34;"')
  })

  it('refuses what is no such page', () => {
    expect(withData('<html>', data)).toBeUndefined()
  })
})

/** The data in a page, out of the attribute that it is in. */
function dataOf(page: string): unknown {
  const [, attribute = ''] = /srcdoc="([^"]*)"/.exec(page) ?? []
  const document = attribute.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
  const [, text = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(document) ?? []
  return JSON.parse(text)
}

// The page is in dist/ of a release; what it does is tested in test/browser.
describe.skipIf(!existsSync('dist/checker.html'))('kabi-gate module page (needs dist/checker.html)', () => {
  const run = (args: readonly string[], cwd: string) => runMain(['module', 'page', ...args], { cwd })

  it('writes a page with the whitelists of kabi.yml', async () => {
    const cwd = workspace({ ...files, 'kabi.yml': `${kabiYml}notes: [Not a certification.]\n` })
    const { code, stdout } = await run(['--output', 'checker.html', '--title', 'Example 9'], cwd)
    expect([code, stdout]).toEqual([0, 'checker.html: the checker page for 1 variant\n'])
    const page = readFileSync(join(cwd, 'checker.html'), 'utf8')
    expect(dataOf(page)).toEqual({
      title: 'Example 9',
      ask: '',
      notes: ['Not a certification.'],
      variants: [
        {
          name: 'x86_64',
          arch: 'x86_64',
          kernel: '',
          whitelist: expect.stringContaining('\tkmalloc\t') as string,
        },
      ],
    })
  })

  it('has a link to where symbols are asked for', async () => {
    const cwd = workspace(files)
    const url = 'https://example.org/kernel/issues/new?template=kabi-request.yml'
    const { code } = await run(['--output', 'checker.html', '--ask', url], cwd)
    expect(code).toBe(0)
    const page = readFileSync(join(cwd, 'checker.html'), 'utf8')
    expect(page).toContain(`<nav>Ask for symbols: <a href="${url}" `)
    expect(dataOf(page)).toMatchObject({ ask: url })
  })

  it.each([
    '',
    'http://example.org/',
    'javascript:alert(1)',
    'https://a:b@example.org/',
    'https://example.org/ a',
    'x',
  ])('is wrong usage with %j as where to ask, and writes no page', async (url) => {
    const cwd = workspace(files)
    const { code, stderr } = await run(['--output', 'checker.html', '--ask', url], cwd)
    expect(stderr).toContain('--ask needs an address that begins with https://')
    expect([code, existsSync(join(cwd, 'checker.html'))]).toEqual([2, false])
  })

  it('writes no page when a whitelist is missing', async () => {
    const cwd = workspace({ 'kabi.yml': kabiYml })
    const { code } = await run(['--output', 'checker.html'], cwd)
    expect([code, existsSync(join(cwd, 'checker.html'))]).toEqual([3, false])
  })
})
