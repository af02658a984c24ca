import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { evilVerdict } from '../report/evil-verdict.ts'
import { drawnCause, manyCauses, tenVariantsExplained } from '../report/explained-verdicts.ts'
import { sampleVerdicts } from '../report/sample-verdicts.ts'
import { removed, tenVariants } from '../report/samples.ts'
import { findChromium } from './find-chromium.ts'

const executablePath = findChromium(process.env)
if (executablePath === undefined) {
  console.warn('The HTML report was not tested in a browser: install chromium, or name one in KABI_CHROMIUM.')
}

const pages = {
  explained: {
    ...tenVariantsExplained,
    findings: [
      removed({ symbol: 'ioremap_nocache', variant: 's390x', severity: 'fail' }),
      ...tenVariantsExplained.findings,
    ],
  },
  large: manyCauses(200, 3_000, tenVariants),
  evil: evilVerdict,
  drawn: drawnCause,
  ...sampleVerdicts,
}

describe.skipIf(executablePath === undefined)('the HTML report in a browser', { timeout: 60_000 }, () => {
  let browser: Browser
  let folder: string
  let noise: string[] = []
  const open: Page[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kabi-html-'))
    for (const [name, verdict] of Object.entries(pages)) {
      writeFileSync(join(folder, `${name}.html`), renderHtml(verdict))
    }
    // The sandbox of Chromium does not work for root, as in most containers; the page is our own.
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] })
  }, 60_000)

  afterEach(async () => {
    for (const page of open.splice(0)) await page.context().close()
  })

  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  type Options = Parameters<Browser['newContext']>[0]

  function urlOf(name: string): string {
    return pathToFileURL(join(folder, `${name}.html`)).href
  }

  /** Opens a page; whatever it says on the console, and whatever it asks for beside itself, is noise. */
  async function show(name: string, options: Options = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    const page = await context.newPage()
    open.push(page)
    noise = []
    page.on('console', (message) => noise.push(message.text()))
    page.on('pageerror', (error) => noise.push(String(error)))
    page.on('request', (request) => {
      if (!request.isNavigationRequest()) noise.push(request.url())
    })
    await page.goto(urlOf(name))
    return page
  }

  /** Of the first match: an RGB colour as numbers. */
  async function color(page: Page, selector: string, property: string): Promise<number[]> {
    const value = await page.evaluate<string>(
      `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).getPropertyValue(${JSON.stringify(property)})`,
    )
    return (value.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)
  }

  function contrast(one: readonly number[], other: readonly number[]): number {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  }

  function luminance(rgb: readonly number[]): number {
    const [r = 0, g = 0, b = 0] = rgb.map((value) => {
      const part = value / 255
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }

  it('every sample: no error, no request, no sideways scrolling at 400 pixels', async () => {
    const page = await show('explained', { viewport: { width: 400, height: 800 } })
    for (const name of Object.keys(pages)) {
      await page.goto(urlOf(name))
      const width = await page.evaluate<number>('document.documentElement.scrollWidth')
      expect([name, width, noise]).toEqual([name, 400, []])
    }
  })

  it('search works by keyboard alone: slash, a name, arrow keys, Escape', async () => {
    const page = await show('explained')
    const causes = page.locator('.cause:visible')
    expect(await causes.count()).toBe(4)
    await page.keyboard.press('/')
    expect(await page.evaluate('document.activeElement.id')).toBe('query')
    await page.keyboard.type('usb_hcd_add')
    await expect.poll(() => page.locator('#found').textContent()).toBe('1 cause, 1 symbol')
    expect(await causes.count()).toBe(1)
    expect(await page.locator('.symbols:visible').textContent()).toBe('usb_hcd_add')
    expect(await page.locator('.matrix tbody tr:visible').count()).toBe(1)
    expect(await page.locator('tr[data-symbol]:visible').count()).toBe(0)
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate('document.activeElement.closest("details").id')).toBe('cause-1')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.getElementById("cause-1").open')).toBe(false)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('#found').textContent()).toBe('')
    expect(await causes.count()).toBe(4)
    expect(await page.locator('.set:visible').count()).toBe(5)
    expect(noise).toEqual([])
  })

  it('search finds a structure, a file, and says when nothing matches', async () => {
    const page = await show('explained')
    await page.fill('#query', 'regulator/driver.h')
    await expect.poll(() => page.locator('.cause:visible').count()).toBe(1)
    await page.fill('#query', 'no such thing')
    await expect.poll(() => page.locator('#found').textContent()).toBe('0 causes, 0 symbols')
  })

  it('the link of a cause shows its symbols and no others', async () => {
    const page = await show('explained')
    await page.locator('#cause-2 a[data-find]').click()
    await expect.poll(() => page.locator('#found').textContent()).toBe('1 cause, 180 symbols')
  })

  it('a link to a folded cause opens it', async () => {
    const page = await show('explained')
    await page.locator('.matrix a[href="#cause-4"]').click()
    await expect.poll(() => page.locator('#cause-4 .diff').isVisible()).toBe(true)
  })

  it('three thousand symbols are searched within half a second', async () => {
    const page = await show('large')
    const spent = await page.evaluate<number>(`(() => {
      const input = document.getElementById('query')
      input.value = 'device'
      const link = document.createElement('a')
      link.dataset.find = 'device'
      document.body.append(link)
      const start = performance.now()
      link.click()
      return performance.now() - start
    })()`)
    expect(await page.locator('#found').textContent()).toMatch(/^\d+ causes, \d+ symbols$/)
    expect(spent).toBeLessThan(500)
  })

  it.each(['light', 'dark'] as const)(
    'in %s colours, text stands out from its ground',
    async (colorScheme) => {
      const page = await show('explained', { colorScheme })
      const ground = await color(page, 'body', 'background-color')
      const [red = 0] = ground
      expect(red < 128).toBe(colorScheme === 'dark')
      expect(contrast(ground, await color(page, 'body', 'color'))).toBeGreaterThan(7)
      for (const selector of ['.muted', 'a[href^="#cause"]', 'code.add']) {
        expect([selector, contrast(ground, await color(page, selector, 'color')) >= 4.5]).toEqual([
          selector,
          true,
        ])
      }
      for (const selector of ['.badge.breaks', '.badge.warn', '.badge.usually-harmless', '.banner h1 b']) {
        const own = selector === '.banner h1 b' ? '.banner' : selector
        const panel = await color(page, own, 'background-color')
        expect([selector, contrast(panel, await color(page, selector, 'color')) >= 4.5]).toEqual([
          selector,
          true,
        ])
      }
    },
  )

  it('the picture of a type fits 400 pixels, opens by keyboard, and is whole on paper', async () => {
    const page = await show('layouts-moved', { viewport: { width: 400, height: 800 } })
    const wider = await page.evaluate<number[]>(
      `[...document.querySelectorAll('.memory')].map((table) => table.scrollWidth - table.parentElement.clientWidth)`,
    )
    expect(wider).toHaveLength(4)
    expect(Math.max(...wider)).toBeLessThanOrEqual(0)
    const second = page.locator('.picture').nth(1)
    expect(await second.locator('.memory').isVisible()).toBe(false)
    await second.locator('summary').first().press('Enter')
    expect(await second.locator('.memory').isVisible()).toBe(true)
    await second.locator('summary').first().press('Enter')
    await page.emulateMedia({ media: 'print' })
    const boxes = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.memory')].map((table) => table.getClientRects().length)",
    )
    expect(boxes).toEqual([1, 1, 1, 1])
  })

  it.each(['light', 'dark'] as const)(
    'in %s colours, the rows of a picture can be read',
    async (colorScheme) => {
      const page = await show('layouts-moved', { colorScheme })
      for (const row of ['.new', '.moved', '.unused', '.gap']) {
        const ground = await color(page, `.memory ${row} > *`, 'background-color')
        for (const selector of [`.memory ${row} > *`, '.memory small'])
          expect([row, contrast(ground, await color(page, selector, 'color')) >= 4.5]).toEqual([row, true])
      }
    },
  )

  it('the search filters the pictures by text, by symbol and by cause, and counts them', async () => {
    const page = await show('drawn')
    const shown = () => page.locator('.picture:visible summary code').allTextContents()
    const all = ['struct device', 'enum state', 'union key', 'struct pci_bus']
    const found = page.locator('#found')
    expect((await shown()).toSorted()).toEqual(all.toSorted())
    await page.fill('#query', 'probe_cookie')
    await expect.poll(() => found.textContent()).toBe('1 cause, 0 symbols, 1 picture')
    expect(await shown()).toEqual(['struct device'])
    await page.fill('#query', 'device_register')
    await expect.poll(() => found.textContent()).toBe('1 cause, 1 symbol, 1 picture')
    expect(await shown()).toEqual(['struct device'])
    await page.fill('#query', 'pci_set_master')
    await expect.poll(() => found.textContent()).toBe('0 causes, 0 symbols, 4 pictures')
    await page.fill('#query', 'cause:1')
    await expect.poll(() => found.textContent()).toBe('1 cause, 2 symbols, 1 picture')
    await page.fill('#query', 'nosuchthing')
    await expect.poll(() => found.textContent()).toBe('0 causes, 0 symbols, 0 pictures')
    await page.keyboard.press('Escape')
    await expect.poll(() => shown().then((some) => some.length)).toBe(4)
  })

  it('by keyboard alone, a cause leads to its picture and back, also when a search hides that', async () => {
    const page = await show('drawn')
    await page.locator('#picture-1 > summary').press('Enter')
    expect(await page.locator('#picture-1 .memory').isVisible()).toBe(false)
    await page.locator('#cause-1 a[href="#picture-1"]').press('Enter')
    await expect.poll(() => page.locator('#picture-1 .memory').isVisible()).toBe(true)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.closest("details").id')).toBe('picture-1')
    await page.locator('#cause-1 > summary').press('Enter')
    await page.locator('#picture-1 a[href="#cause-1"]').press('Enter')
    await expect.poll(() => page.locator('#cause-1 .facts').isVisible()).toBe(true)
    await page.fill('#query', 'pci_set_master')
    await expect.poll(() => page.locator('#cause-1').isVisible()).toBe(false)
    await page.locator('#picture-1 a[href="#cause-1"]').press('Enter')
    await expect.poll(() => page.locator('#cause-1').isVisible()).toBe(true)
    expect(await page.inputValue('#query')).toBe('')
    expect(noise).toEqual([])
  })

  it('without JavaScript everything is there but the search', async () => {
    const page = await show('explained', { javaScriptEnabled: false })
    expect(await page.locator('#search').isVisible()).toBe(false)
    expect(await page.locator('.cause').count()).toBe(4)
    expect(await page.locator('#cause-1 .diff').isVisible()).toBe(true)
    await page.locator('.set summary').first().press('Enter')
    expect(await page.locator('.set .symbols').first().isVisible()).toBe(true)
  })

  it('the heads of the table stay in sight when it is scrolled', async () => {
    const page = await show('large')
    const [scrolled = 0, top = 0] = await page.evaluate<number[]>(`(() => {
      const box = document.querySelector('.scroll')
      box.scrollTop = 2000
      const head = box.querySelector('th').getBoundingClientRect()
      return [box.scrollTop, head.top - box.getBoundingClientRect().top]
    })()`)
    expect(scrolled).toBe(2000)
    expect(Math.abs(top)).toBeLessThan(5)
  })
})
