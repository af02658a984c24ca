import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../../scripts/bundle.ts'
import { withData } from '../../src/vendor/page/page-data.ts'
import { runMain } from '../cli/run-main.ts'
import { buildModule } from '../module/build-module.ts'
import { findChromium } from './find-chromium.ts'

const executablePath = findChromium(process.env)
if (executablePath === undefined) {
  console.warn(
    'The checker page was not tested in a browser: install chromium, or name one in KABI_CHROMIUM.',
  )
}

const row = (crc: string, symbol: string) => `${crc}\t${symbol}\tvmlinux\tEXPORT_SYMBOL\t\n`
const list = row('0x00000001', 'kfree') + row('0x00000009', 'module_layout')
const imports = { module_layout: 9, kfree: 1 }
const evil = '<img src=x onerror=alert(1)>'

const files: Readonly<Record<string, Uint8Array>> = {
  'good.ko': buildModule({ imports }),
  'packed.ko.gz': gzipSync(buildModule({ imports })),
  'bad.ko': buildModule({ imports: { ...imports, kfree: 2, secret: 7 } }),
  'evil.ko': buildModule({ imports, info: [`license=${evil}`, `vermagic=${evil} SMP`] }),
  'notes.txt': Buffer.from('no module at all\n'),
  'empty.ko': Buffer.alloc(0),
  'bomb.ko.gz': gzipSync(Buffer.alloc(300 * 1024 * 1024), { level: 1 }),
  list: Buffer.from(list.replace('0x00000001', '0x00000002') + row('0x00000007', 'secret')),
}

describe.skipIf(executablePath === undefined)('the checker page in a browser', { timeout: 60_000 }, () => {
  let browser: Browser
  let folder: string
  let noise: string[] = []
  const open: Page[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kabi-page-'))
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
    const page = new TextDecoder().decode((await bundle()).get('checker.html'))
    writeFileSync(join(folder, 'shipped.html'), page)
    const small = {
      title: 'Example </script> 1',
      variants: [
        { name: 'x86_64', kernel: '6.1.1', whitelist: list },
        { name: evil, kernel: '', whitelist: '' },
      ],
    }
    writeFileSync(join(folder, 'small.html'), withData(page, small) ?? '')
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] })
  }, 60_000)

  afterEach(async () => {
    for (const page of open.splice(0)) await page.context().close()
  })

  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function show(name: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...options })
    const page = await context.newPage()
    open.push(page)
    noise = []
    page.on('console', (message) => noise.push(message.text()))
    page.on('pageerror', (error) => noise.push(String(error)))
    page.on('request', (request) => {
      if (!request.isNavigationRequest()) noise.push(request.url())
    })
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href)
    return page
  }

  const pick = (page: Page, ...names: string[]) =>
    page.getByLabel('Kernel modules').setInputFiles(names.map((name) => join(folder, name)))

  const settled = (page: Page, text: RegExp) =>
    expect.poll(() => page.getByRole('status').textContent(), { timeout: 20_000 }).toMatch(text)

  it('says of a module on the list what `module check` says, without a request', async () => {
    const page = await show('small')
    await pick(page, 'good.ko')
    await settled(page, /^1 module: only official ABI; score 100 % \(1 of 1 kernel symbols\)\.$/)
    expect(await page.locator('article').innerText()).toContain(
      'NOTE: Your module seems to use only official ABI.',
    )
    expect(noise).toEqual([])
  })

  it('lists symbols that are not on the list, and other checksums', async () => {
    const page = await show('small')
    await pick(page, 'bad.ko', 'packed.ko.gz')
    await settled(page, /^2 modules: 1 of them uses more than official ABI; score 50 %/)
    expect(await page.locator('article').count()).toBe(2)
    const text = await page.locator('article').first().innerText()
    expect(text).toContain('and are not on the ABI whitelist. (1)')
    expect(await page.locator('.symbols li').allTextContents()).toEqual([
      'secret',
      'kfree  built with 0x00000002, whitelist 0x00000001',
    ])
    expect(noise).toEqual([])
  })

  it('takes a whitelist file, and checks again when another is chosen', async () => {
    const page = await show('small')
    await pick(page, 'bad.ko')
    await settled(page, /score 50 %/)
    await page.getByLabel('Kernel variant').selectOption('a whitelist file of my own…')
    await settled(page, /^Nothing was checked\.$/)
    await page.getByLabel('Whitelist file').setInputFiles(join(folder, 'list'))
    await settled(page, /^1 module: only official ABI; score 100 %/)
  })

  it('tells in plain words what it cannot read, and never crashes', async () => {
    const page = await show('small')
    await pick(page, 'notes.txt', 'empty.ko', 'bomb.ko.gz')
    await settled(page, /^3 of 3 files not read\. Nothing was checked\.$/)
    const text = await page.locator('#result').innerText()
    expect(text.match(/is not an ELF file/g)).toHaveLength(2)
    expect(text).toContain('unpacks to more than 268435456 bytes')
    expect(noise).toEqual([])
  })

  it('text of strangers stays text', async () => {
    const page = await show('small')
    expect(await page.locator('#title').textContent()).toBe('Example </script> 1')
    await pick(page, 'evil.ko')
    await settled(page, /^1 module/)
    expect(await page.locator('article').innerText()).toContain(`Built for: ${evil}`)
    expect(await page.locator('img').count()).toBe(0)
    expect(noise).toEqual([])
  })

  it('forbids connections, foreign scripts and frames', async () => {
    const page = await show('small')
    const tried = await page.evaluate<string>(
      `fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')`,
    )
    expect(tried).toBe('refused')
    expect(noise.join('\n')).toMatch(/Content Security Policy/)
    await page.evaluate(
      `(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s) })()`,
    )
    expect(await page.evaluate('window.ran')).toBeUndefined()
  })

  it('takes files that are dropped anywhere', async () => {
    const page = await show('small')
    const bytes = [...(files['good.ko'] ?? [])]
    await page.evaluate(`(() => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(${JSON.stringify(bytes)})], 'dropped.ko'))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
    })()`)
    await settled(page, /^1 module: only official ABI/)
    expect(await page.locator('article h2').textContent()).toBe('dropped.ko')
  })

  it('works by keyboard, and every control has a name', async () => {
    const page = await show('small')
    const seen: string[] = []
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press('Tab')
      seen.push(await page.evaluate<string>('document.activeElement.id || document.activeElement.className'))
    }
    expect(seen.slice(0, 3)).toEqual(['skip', 'variant', 'modules'])
    expect(await page.getByRole('combobox', { name: 'Kernel variant' }).count()).toBe(1)
    await page.getByLabel('Kernel variant').focus()
    await page.keyboard.press('End')
    expect(await page.getByLabel('Whitelist file').isVisible()).toBe(true)
  })

  it.each(['light', 'dark'] as const)(
    'in %s colours text stands out, narrow pages do not scroll',
    async (colorScheme) => {
      const page = await show('small', { colorScheme, viewport: { width: 400, height: 800 } })
      await pick(page, 'bad.ko', 'good.ko', 'notes.txt')
      await settled(page, /^1 of 3 files not read\. 2 modules/)
      const pairs = await page.evaluate<[string, string, string][]>(`(() => {
      const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
          const color = getComputedStyle(at).backgroundColor
          if (color !== 'rgba(0, 0, 0, 0)') return color
        }
      }
      return [...document.querySelectorAll('h1, h2, .verdict, .muted, li, label')].map((element) =>
        [element.className || element.localName, getComputedStyle(element).color, ground(element)])
    })()`)
      const [, , ground = ''] = pairs[0] ?? []
      expect(Number(/\d+/.exec(ground)?.[0]) < 128).toBe(colorScheme === 'dark')
      for (const [name, text, behind] of pairs) {
        expect([name, contrast(text, behind) >= 4.5]).toEqual([name, true])
      }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400)
    },
  )

  it('without JavaScript it says what to do', async () => {
    const page = await show('small', { javaScriptEnabled: false })
    expect(await page.locator('noscript').innerText()).toContain('kabi-gate module check')
  })

  /** A folder with the .ko files of Debian’s linux-image-6.1.0-47-cloud-amd64. */
  const real = process.env['KABI_MODULES']

  it.skipIf(real === undefined)('checks a real module as the shipped page (needs KABI_MODULES)', async () => {
    const find = (name: string) =>
      execFileSync('find', [real ?? '', '-name', name], { encoding: 'utf8' })
        .trim()
        .split('\n')[0] ?? ''
    const module = find('virtio_net.ko')
    const page = await show('shipped')
    await page.getByLabel('Kernel variant').selectOption('cloud-amd64')
    await page.getByLabel('Kernel modules').setInputFiles(module)
    await settled(page, /^1 module/)
    expect(await page.locator('article').innerText()).toContain('6.1.0-47-cloud-amd64')
    for (const command of ['xz --check=crc32', 'zstd -q']) {
      const packed = join(folder, command.startsWith('xz') ? 'virtio_net.ko.xz' : 'virtio_net.ko.zst')
      execFileSync('sh', ['-c', `${command} -c "$0" > "$1"`, module, packed])
      const before = await page.getByRole('status').textContent()
      await page.getByLabel('Kernel modules').setInputFiles(packed)
      await expect.poll(() => page.locator('article h2').textContent()).toMatch(/\.(?:xz|zst)$/)
      expect(await page.getByRole('status').textContent()).toBe(before)
    }
    expect(noise).toEqual([])
    const list = 'whitelists/debian-12/cloud-amd64/kabi_whitelist'
    const { stdout } = await runMain(['module', 'check', '--whitelist', list, '--json', module], {
      cwd: process.cwd(),
    })
    const told = JSON.parse(stdout) as { modules: { score: number; violations: { symbol: string }[] }[] }
    const symbols = (await page.locator('.symbols li').allTextContents()).map((text) => text.split(' ')[0])
    expect(symbols).toEqual(told.modules[0]?.violations.map(({ symbol }) => symbol))
    expect(await page.getByRole('status').textContent()).toContain(`score ${told.modules[0]?.score ?? -1} %`)
  })
})

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((text) => {
    const part = Number(text) / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
