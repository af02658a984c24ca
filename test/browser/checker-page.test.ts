import { execFileSync } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser, type Frame, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../../scripts/bundle.ts'
import { withData } from '../../src/vendor/page/page-data.ts'
import { runMain } from '../cli/run-main.ts'
import { workspace } from '../support/workspace.ts'
import { buildModule } from '../module/build-module.ts'
import { buildRpm } from '../module/rpm/build-rpm.ts'
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

const ask = 'https://example.org/kernel/issues/new?template=kabi-request.yml&a="b"'
const inKernel = 'lib/modules/6.1.0-1-cloud-amd64/extra/'
const built = (release: string) => ['license=GPL', `vermagic=${release} SMP preempt mod_unload modversions `]
const lacking = { ...imports, kfree: 2, secret: 7 }

const files: Readonly<Record<string, Uint8Array>> = {
  'good.ko': buildModule({ imports }),
  'packed.ko.gz': gzipSync(buildModule({ imports })),
  'bad.ko': buildModule({ imports: { ...imports, kfree: 2, secret: 7 } }),
  'evil.ko': buildModule({ imports, info: [`license=${evil}`, `vermagic=${evil} SMP`] }),
  'notes.txt': Buffer.from('no module at all\n'),
  'empty.ko': Buffer.alloc(0),
  'bomb.ko.gz': gzipSync(Buffer.alloc(300 * 1024 * 1024), { level: 1 }),
  'cloud.ko': buildModule({ imports: lacking, info: built('6.1.0-1-cloud-amd64') }),
  's390x.ko': buildModule({ imports, machine: 22, little: false, info: built('6.1.0-1-s390x') }),
  'rt.ko': buildModule({ imports, info: built('6.1.0-1-rt-amd64') }),
  'kmod.rpm': buildRpm({
    files: {
      [`./${inKernel}a.ko`]: buildModule({ imports, info: built('6.1.0-1-cloud-amd64') }),
      [`./${inKernel}b.ko.gz`]: gzipSync(buildModule({ imports, info: built('6.1.0-1-cloud-amd64') })),
      './usr/share/doc/readme': Buffer.from('no module'),
    },
  }),
  'empty.rpm': buildRpm({}),
  'broken.rpm': damaged(buildRpm({ files: { [`./${inKernel}a.ko`]: buildModule({ imports }) } })),
  list: Buffer.from(list.replace('0x00000001', '0x00000002') + row('0x00000007', 'secret')),
}

function damaged(rpm: Buffer): Buffer {
  const copy = Buffer.from(rpm)
  copy.writeUInt8((copy.at(-20) ?? 0) ^ 1, copy.length - 20)
  return copy
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
      ask,
      notes: ['This does not constitute a certification.', evil],
      variants: [
        { name: 'x86_64', arch: 'x86_64', kernel: '6.1.1', whitelist: list },
        { name: evil, arch: '', kernel: '', whitelist: '' },
      ],
    }
    writeFileSync(join(folder, 'small.html'), withData(page, small) ?? '')
    const variants = [
      { name: 'amd64', arch: 'x86_64', kernel: '', whitelist: row('0x00000001', 'kfree') },
      { name: 'cloud-amd64', arch: 'x86_64', kernel: '', whitelist: list },
      { name: 's390x', arch: 's390', kernel: '', whitelist: list },
    ]
    writeFileSync(
      join(folder, 'several.html'),
      withData(page, { title: 'Example', ask: '', notes: [], variants }) ?? '',
    )
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] })
  }, 60_000)

  afterEach(async () => {
    for (const page of open.splice(0)) await page.context().close()
  })

  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Opens a page, and gives the frame in which the checker is. */
  async function show(name: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Frame> {
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
    const [, frame] = page.frames()
    if (!frame) throw new Error('the page has no frame')
    await frame.waitForLoadState()
    return frame
  }

  const pick = (page: Frame, ...names: string[]) =>
    page.getByLabel('Kernel modules').setInputFiles(names.map((name) => join(folder, name)))

  const settled = (page: Frame, text: RegExp) =>
    expect.poll(() => page.getByRole('status').textContent(), { timeout: 20_000 }).toMatch(text)

  it('says of a module on the list what `module check` says, without a request', async () => {
    const page = await show('small')
    await pick(page, 'good.ko')
    await settled(page, /^1 module: only symbols on the whitelist; score 100 % \(1 of 1 kernel symbols\)\.$/)
    expect(await page.locator('article').innerText()).toContain(
      'Your module uses only symbols on this whitelist.',
    )
    expect(noise).toEqual([])
  })

  it('lists symbols that are not on the list, and other checksums', async () => {
    const page = await show('small')
    await pick(page, 'bad.ko', 'packed.ko.gz')
    await settled(page, /^2 modules: 1 of them uses more than is on the whitelist; score 50 %/)
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
    await settled(page, /^1 module: only symbols on the whitelist; score 100 %/)
  })

  it('picks the whitelist of the variant that each module was built for', async () => {
    const page = await show('several')
    await pick(page, 'cloud.ko', 's390x.ko')
    await settled(
      page,
      /^cloud-amd64, 1 module: 1 of them uses more .* s390x, 1 module: only symbols on the whitelist; score 100 %/,
    )
    expect(await page.locator('article .muted:first-of-type').allTextContents()).toEqual(
      expect.arrayContaining(['Whitelist: cloud-amd64 of Example', 'Whitelist: s390x of Example']),
    )
    expect(noise).toEqual([])
  })

  it('picks none for a module of a kernel that is not there, and takes the one that is chosen', async () => {
    const page = await show('several')
    await pick(page, 'rt.ko')
    await settled(page, /^Nothing was checked\.$/)
    expect(await page.locator('#result').innerText()).toMatch(
      /"rt\.ko", built for "6\.1\.0-1-rt-amd64 .* tells no variant/,
    )
    await page.getByLabel('Kernel variant').selectOption('cloud-amd64')
    await settled(page, /^1 module: only symbols on the whitelist/)
  })

  it('reads the modules of a package, and no damaged one', async () => {
    const page = await show('several')
    await pick(page, 'kmod.rpm')
    await settled(page, /^2 modules: only symbols on the whitelist; score 100 %/)
    expect(await page.locator('article h2').allTextContents()).toEqual([
      `kmod.rpm!/${inKernel}a.ko`,
      `kmod.rpm!/${inKernel}b.ko.gz`,
    ])
    await pick(page, 'broken.rpm', 'empty.rpm')
    await settled(page, /^2 of 2 files not read\. Nothing was checked\.$/)
    const told = await page.locator('#result').innerText()
    expect(told).toMatch(/is damaged: its payload does not have the sha256 that it says/)
    expect(told).toContain('There is no driver in "empty.rpm"')
    expect(noise).toEqual([])
  })

  it('copies what `module check` prints, and gives the request that `module request` writes', async () => {
    const page = await show('several', {
      acceptDownloads: true,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await pick(page, 'cloud.ko')
    await settled(page, /^1 module/)
    const yml = `version: 1
variants:
  amd64: { arch: x86_64, symvers: none }
  cloud-amd64: { arch: x86_64, symvers: none }
  s390x: { arch: s390, symvers: none }
`
    const cwd = workspace({
      'kabi.yml': yml,
      'cloud.ko': files['cloud.ko'] ?? '',
      'whitelists/amd64/kabi_whitelist': row('0x00000001', 'kfree'),
      'whitelists/cloud-amd64/kabi_whitelist': list,
      'whitelists/s390x/kabi_whitelist': list,
    })
    const asked = await runMain(['module', 'request', '--variant', 'cloud-amd64', 'cloud.ko'], { cwd })
    const [download] = await Promise.all([
      page.page().waitForEvent('download'),
      page.getByText('Download the request').click(),
    ])
    expect(download.suggestedFilename()).toBe('request.md')
    const saved = join(folder, 'request.md')
    await download.saveAs(saved)
    const alike = (text: string) => text.replace(/^\* Whitelist: .*$/m, '')
    expect(asked.stdout).toContain('"symbol":"secret"')
    expect(alike(readFileSync(saved, 'utf8'))).toBe(alike(asked.stdout))
    await page.getByText('Copy as text').click()
    await expect.poll(() => page.getByRole('status').textContent()).toMatch(/^Cop(?:ied|y the text)/)
    const checked = await runMain(['module', 'check', '--variant', 'cloud-amd64', 'cloud.ko'], { cwd })
    const text = await page.locator('#text').inputValue()
    expect(text.replace('cloud-amd64 of Example', 'LIST')).toBe(
      checked.stdout
        .replaceAll(`${cwd}/whitelists/cloud-amd64/kabi_whitelist`, 'LIST')
        .replaceAll(`${cwd}/`, ''),
    )
    expect(noise).toEqual([])
  })

  it('offers no request where every symbol is on the list', async () => {
    const page = await show('several')
    await pick(page, 's390x.ko')
    await settled(page, /^1 module/)
    expect(await page.getByText('Copy as text').isVisible()).toBe(true)
    expect(await page.locator('#request').isVisible()).toBe(false)
  })

  it('says what the distribution says, and where to ask, if that is known', async () => {
    const page = await show('small')
    expect(await page.locator('#notes').innerText()).toContain(
      'NOTE: This does not constitute a certification.',
    )
    expect(await page.page().locator('nav a').getAttribute('href')).toBe(ask)
    const other = await show('several')
    expect(await other.page().locator('nav').isVisible()).toBe(false)
    expect(await other.locator('#notes').innerText()).toBe('')
  })

  it('the shipped page does not say that Debian promises anything', async () => {
    const page = await show('shipped')
    expect(await page.locator('header').innerText()).toContain('Debian promises no kernel ABI')
    expect(await page.locator('body').innerText()).not.toMatch(/promises to/)
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
    await settled(page, /^Nothing was checked\.$/)
    expect(await page.locator('article').innerText()).toContain(`built for "${evil}`)
    await page.getByLabel('Kernel variant').selectOption('x86_64')
    await settled(page, /^1 module/)
    expect(await page.locator('article').innerText()).toContain(`Built for: ${evil}`)
    expect(await page.locator('img').count()).toBe(0)
    expect(noise).toEqual([])
  })

  describe('sends nothing, whatever runs in it', () => {
    let server: Server
    const asked: string[] = []
    let address = ''

    beforeAll(async () => {
      server = createServer((incoming, answer) => {
        asked.push(incoming.url ?? '')
        answer.end('<title>elsewhere</title>')
      })
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    })

    afterAll(() => server.close())

    const inPage: Readonly<Record<string, string>> = {
      'a fetch': `fetch(URL).catch(() => {})`,
      'a beacon': `navigator.sendBeacon(URL, 'secret')`,
      'an image': `new Image().src = URL`,
      'a style sheet': `document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: URL }))`,
      'a prefetch': `document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href: URL }))`,
      'a script': `document.head.append(Object.assign(document.createElement('script'), { src: URL }))`,
      'a frame': `document.body.append(Object.assign(document.createElement('iframe'), { src: URL }))`,
      'a web socket': `try { new WebSocket(URL.replace('http', 'ws')) } catch {}`,
      'an event source': `new EventSource(URL)`,
      'a worker': `try { new Worker(URL) } catch {}`,
      'a form': `(() => { const form = Object.assign(document.createElement('form'), { method: 'post', action: URL }); document.body.append(form); form.submit() })()`,
      'a navigation': `location.href = URL`,
      'a click on a link': `(() => { const a = Object.assign(document.createElement('a'), { href: URL }); document.body.append(a); a.click() })()`,
      'a download': `(() => { const a = Object.assign(document.createElement('a'), { href: URL, download: 'x' }); document.body.append(a); a.click() })()`,
      'a new window': `window.open(URL)`,
      'a navigation of the page around it': `try { top.location.href = URL } catch {}`,
      'a refresh': `document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: '0;url=' + URL }))`,
    }

    it.each(Object.entries(inPage))('%s is refused', async (what, script) => {
      const page = await show('small')
      const top = page.page().url()
      asked.length = 0
      await page
        .evaluate(script.replaceAll('URL', JSON.stringify(`${address}/?secret`)))
        .catch(() => undefined)
      await new Promise((done) => setTimeout(done, 300))
      expect([what, asked]).toEqual([what, []])
      expect(page.page().url()).toBe(top)
      expect(page.page().context().pages()).toHaveLength(1)
    })

    it('and the server of these tests does tell of requests', async () => {
      const page = await (await browser.newContext()).newPage()
      open.push(page)
      asked.length = 0
      await page.goto(`${address}/?seen`)
      expect(asked).toContain('/?seen')
    })

    it('a script that is not its own does not run', async () => {
      const page = await show('small')
      await page.evaluate(
        `(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s) })()`,
      )
      expect(await page.evaluate('window.ran')).toBeUndefined()
      expect(noise.join('\n')).toMatch(/Content Security Policy/)
    })
  })

  it('takes files that are dropped anywhere', async () => {
    const page = await show('small')
    const bytes = [...(files['good.ko'] ?? [])]
    await page.evaluate(`(() => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(${JSON.stringify(bytes)})], 'dropped.ko'))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
    })()`)
    await settled(page, /^1 module: only symbols on the whitelist/)
    expect(await page.locator('article h2').textContent()).toBe('dropped.ko')
  })

  it('works by keyboard, and every control has a name', async () => {
    const page = await show('small')
    const seen: string[] = []
    for (let step = 0; step < 4; step++) {
      await page.page().keyboard.press('Tab')
      seen.push(await page.evaluate<string>('document.activeElement.id || document.activeElement.className'))
    }
    expect(seen.slice(0, 3)).toEqual(['skip', 'variant', 'modules'])
    expect(await page.getByRole('combobox', { name: 'Kernel variant' }).count()).toBe(1)
    await page.getByLabel('Kernel variant').focus()
    await page.page().keyboard.press('End')
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
      return [...document.querySelectorAll('h1, h2, .verdict, .muted, li, label, button, #request, #notes p')].map((element) =>
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

  /** A folder with the .ko files of Debian’s linux-image-6.1.0-47-cloud-amd64, and of others of 6.1.0-47. */
  const real = process.env['KABI_MODULES']

  it.skipIf(real === undefined)(
    'picks the whitelists of real modules by themselves (needs KABI_MODULES)',
    async () => {
      const paths = execFileSync('find', ['-L', real ?? '', '-path', '*/6.1.0-47-*/virtio_net.ko'], {
        encoding: 'utf8',
      })
        .trim()
        .split('\n')
      const flavours = paths.map((path) => /6\.1\.0-47-([^/]+)/.exec(path)?.[1] ?? '')
      const page = await show('shipped')
      await page.getByLabel('Kernel modules').setInputFiles(paths)
      await settled(page, paths.length === 1 ? /^1 module/ : /^[^.]+, 1 module/)
      const told = await page.locator('article').allInnerTexts()
      expect(told.map((text) => /Whitelist: (\S+) of Debian 12/.exec(text)?.[1])).toEqual(flavours)
      expect(told.map((text) => /Built for: 6\.1\.0-47-(\S+)/.exec(text)?.[1])).toEqual(flavours)
      expect(noise).toEqual([])
    },
  )

  it.skipIf(real === undefined)('checks a real module as the shipped page (needs KABI_MODULES)', async () => {
    const find = (name: string) =>
      execFileSync('find', [real ?? '', '-path', `*/6.1.0-47-cloud-amd64/*${name}`], { encoding: 'utf8' })
        .trim()
        .split('\n')[0] ?? ''
    const module = find('virtio_net.ko')
    const page = await show('shipped')
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
