import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { checkPullRequest } from './check-pull-request.ts'
import { commentPage } from './comment-page.ts'

/**
 * Makes the pictures of the README in docs/images: the comment on a pull request, and the HTML report of the same run.
 * Usage: node --import tsx scripts/pictures/run.ts KERNEL-TREE. The tree is that of Linux 6.1 and is not written to. It takes what
 * `kabi-gate check` asks for, Chromium (KABI_CHROMIUM, /usr/bin/chromium), a font with emoji (Debian: fonts-noto-color-emoji) and some minutes.
 */

const images = resolve(import.meta.dirname, '../../docs/images')
/** A README is read on telephones, too. */
const mostBytes = 200_000
const margin = 12
const executablePath = process.env['KABI_CHROMIUM'] ?? '/usr/bin/chromium'

/** The bottom of the last paragraph, table or text that ends above a limit, so that nothing is cut through. */
const wholeHeight = (limit: number) => `Math.max(
  ...[...document.querySelectorAll('p, ul, dl, table, pre')]
    .map((one) => one.getBoundingClientRect().bottom)
    .filter((bottom) => bottom < ${limit}),
)`

const [tree] = process.argv.slice(2)
if (tree === undefined) throw new Error('usage: run.ts KERNEL-TREE')
const work = mkdtempSync(join(tmpdir(), 'kabi-pictures-'))
try {
  const { comment, report } = await checkPullRequest(resolve(tree), work)
  writeFileSync(join(work, 'comment.html'), await commentPage(comment))
  await shoot(join(work, 'comment.html'), { width: 900, height: 1_020 }, 'comment.png')
  await shoot(report, { width: 1_100, height: 1_300 }, 'report.png')
} finally {
  rmSync(work, { recursive: true })
}

/** Takes a picture of the top of a page, at most as high as the size says. */
async function shoot(
  page: string,
  size: { readonly width: number; readonly height: number },
  name: string,
): Promise<void> {
  // The sandbox of Chromium does not work for root, as in most containers; the pages are our own.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const tab = await browser.newPage({ viewport: size, colorScheme: 'light' })
    await tab.goto(pathToFileURL(page).href)
    const height = Math.ceil(await tab.evaluate<number>(wholeHeight(size.height - margin))) + margin
    const clip = { x: 0, y: 0, width: size.width, height }
    const path = join(images, name)
    await tab.screenshot({ path, clip })
    if (statSync(path).size > mostBytes)
      throw new Error(`${path} has ${statSync(path).size} bytes, more than ${mostBytes}`)
    // The first bytes of a PNG say how large it is.
    const [wide, high] = [16, 20].map((offset) => readFileSync(path).readUInt32BE(offset))
    process.stdout.write(`${path}: ${wide} x ${high}, ${statSync(path).size} bytes\n`)
  } finally {
    await browser.close()
  }
}
