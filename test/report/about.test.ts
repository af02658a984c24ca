import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { annotations } from '../../src/report/annotations/annotations.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { renderJson } from '../../src/report/json/render-json.ts'
import { renderMarkdown } from '../../src/report/markdown/render-markdown.ts'
import { changeTexts } from '../../src/report/model/change-texts.ts'
import { findingTexts } from '../../src/report/model/finding-texts.ts'
import { renderSarif } from '../../src/report/sarif/render-sarif.ts'
import { renderText } from '../../src/report/text/render-text.ts'
import { sampleVerdicts } from './sample-verdicts.ts'
import { changed, manyChanged, verdictOf } from './samples.ts'

const full = sampleVerdicts['full-run'] ?? verdictOf({})
const text = renderText(full, { color: false })

const formats: readonly (readonly [string, string])[] = [
  ['text', text],
  ['Markdown', renderMarkdown(full, { maxBytes: 60_000 })],
  ['HTML', renderHtml(full)],
  ['JSON', renderJson(full)],
  ['SARIF', renderSarif(full, { roots: [] })],
]

describe.each(formats)('%s', (_, report) => {
  it.each([
    ['the commit', '89abcdef0123'],
    ['the base whose configuration counted', '0123456789ab'],
    ['the release of the kernel', '6.1.170'],
    ['the compiler', 'gcc (Debian 12.2.0-14+deb12u1) 12.2.0'],
    ['the whitelist', 'whitelists/x86_64/kabi_whitelist'],
    ['its digest', '5f3a9c015f3a'],
    ['the day', '2026-11-29'],
    ['the version of kabi-gate', '0.1.0'],
  ])('says %s', (_what, words) => {
    expect(report).toContain(words)
  })
})

describe.each(formats.slice(0, 3))('%s', (_, report) => {
  it('gives the lines that give the same again', () => {
    expect(report).toContain('git checkout 89abcdef0123456789abcdef0123456789abcdef')
    expect(report).toContain(
      'kabi-gate check --variant x86_64 --base 0123456789abcdef0123456789abcdef01234567',
    )
    expect(report).toContain('kabi-gate explain --try struct device')
  })

  it('leads to the section of the class, by an address that works from everywhere', () => {
    expect(report).toContain('https://kernel.example.org/kabi-gate/docs/fixing-a-break.md#field-added')
    expect(report).not.toMatch(/[^/]docs\/fixing-a-break/)
  })
})

it('annotations and SARIF lead to the same section', () => {
  const address = 'https://kernel.example.org/kabi-gate/docs/fixing-a-break.md#field-added'
  expect(annotations(full).some(({ message }) => message.includes(address))).toBe(true)
  expect(formats[4]?.[1]).toContain(`"helpUri": "${address}"`)
})

it('a name with a quote in it stays one word of the lines to copy', () => {
  const evil = { ...full, variants: full.variants.map((variant) => ({ ...variant, name: "a'; rm -rf ~" })) }
  expect(renderText(evil, { color: false })).toContain(`--variant 'a'\\''; rm -rf ~' --base`)
})

it('every anchor is a heading of docs/fixing-a-break.md', () => {
  const page = readFileSync(new URL('../../docs/fixing-a-break.md', import.meta.url), 'utf8')
  const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
  for (const { anchor } of [...Object.values(findingTexts), ...Object.values(changeTexts)])
    expect(anchors).toContain(anchor)
})

describe('the last line of a text', () => {
  const lines = (count: number) =>
    renderText(verdictOf({ findings: manyChanged(count, 'x86_64') }), { color: false })
      .trimEnd()
      .split('\n')

  it('is the verdict again where the first one is out of sight', () => {
    const long = lines(60)
    expect(long.at(-1)).toBe(long[0])
  })

  it('is what to do where all of it is in sight', () => {
    expect(lines(1).join(' ')).toMatch(/next: .*flag with a reason\.$/)
  })
})

it('what nobody counted is a dash and not a zero', () => {
  const row = text.split('\n').find((line) => line.startsWith('  x86_64   break'))
  expect(row).toMatch(/ 2 {6}- {2}exports/)
  expect((JSON.parse(renderJson(full)) as { variants: unknown[] }).variants).toMatchObject([{ added: null }])
})

it('a break is called one, and not an error', () => {
  const broken = renderText(verdictOf({ findings: [changed('kfree', 'x86_64')] }), { color: false })
  expect(broken).toContain('\nbreak[changed]: ')
  expect(broken).not.toContain('error')
})
