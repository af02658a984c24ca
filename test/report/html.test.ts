import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ofFamily, type Finding } from '../../src/judge/finding.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { script, scriptHash, style, styleHash } from '../../src/report/html/assets.ts'
import { assetsFile, reportAssets } from '../../scripts/report-assets.ts'
import { evilVerdicts } from './arbitrary-verdict.ts'
import { drawnCause, manyCauses, tenVariantsExplained } from './explained-verdicts.ts'
import { sampleVerdicts } from './sample-verdicts.ts'
import { tenVariants, verdictOf } from './samples.ts'

const page = renderHtml(tenVariantsExplained)

/** Names of the elements and attributes that stand in a page, beside its style and its script. */
function tags(html: string): string[] {
  return (
    html
      .replace(style, '')
      .replace(script, '')
      .match(/<[^>]*>?/g) ?? []
  )
}

describe('the page', () => {
  it('has the script and the style that are made from the files beside it', async () => {
    expect(readFileSync(assetsFile, 'utf8')).toBe(await reportAssets())
  })

  it('allows its own style and script, and nothing else', () => {
    for (const [text, hash] of [
      [style, styleHash],
      [script, scriptHash],
    ] as const) {
      expect(hash).toBe(createHash('sha256').update(text).digest('base64'))
      expect(page).toContain(`>${text}</`)
      expect(page).toContain(`'sha256-${hash}'`)
    }
    expect(page).toContain(`content="default-src 'none'; style-src 'sha256-`)
    expect(page).not.toContain('unsafe')
  })

  it('names no file and no host to load from', () => {
    expect(tags(page).filter((tag) => /\b(src|srcset|data|action|style|on\w+)=/.test(tag))).toEqual([])
    expect(tags(page).filter((tag) => /href="(?!#)/.test(tag))).toEqual([])
    expect(page).not.toMatch(/url\(|@import|\/\/\w/)
  })

  it('leads to the documentation, and tells it nothing of where a reader comes from', () => {
    const full = sampleVerdicts['full-run'] ?? verdictOf({})
    const links = tags(renderHtml(full)).filter((tag) => /href="(?!#)/.test(tag))
    expect(links).toContain(
      '<a href="https://kernel.example.org/kabi-gate/docs/fixing-a-break.md#field-added" rel="noreferrer">',
    )
    for (const link of links) expect(link).toMatch(/^<a href="https:\/\/[\w./#-]+" rel="noreferrer">$/)
  })

  it('shows the verdict, the sentence, the table, the causes, then the symbols', () => {
    const order = [
      '<b>BREAK</b>: 881 protected symbols changed in all 10 variants',
      '881 protected symbols changed because of 4 definitions, 1 of which moves memory; reverting struct device alone fixes 640',
      '<table class="matrix">',
      'only in s390x</span>',
      '<details class="cause may-break" id="cause-1" data-cause="1" open>',
      '+ u64 probe_cookie;',
      'data-causes="1 2"',
      'Hidden from the checksums: 4 patch lines',
      'id="variants"',
    ].map((words) => page.indexOf(words))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order[0]).toBeGreaterThan(0)
  })

  it('names every changed symbol once', () => {
    const lists = [...page.matchAll(/<pre class="symbols">([^<]*)<\/pre>/g)].flatMap(([, text = '']) =>
      text.split('\n'),
    )
    expect(lists.sort()).toEqual(
      [...new Set(ofFamily(tenVariantsExplained.findings, 'symbol').map(({ symbol }) => symbol))].sort(),
    )
  })

  it('has one heading of the first level, ids that are its own, and links that lead somewhere', () => {
    for (const verdict of [tenVariantsExplained, ...Object.values(sampleVerdicts)]) {
      const html = renderHtml(verdict)
      expect(html.match(/<h1>/g)).toHaveLength(1)
      const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
      expect(new Set(ids).size).toBe(ids.length)
      for (const [, target] of html.matchAll(/ (?:href="#|aria-labelledby=")([^"]*)"/g)) {
        expect(ids).toContain(target)
      }
    }
  })
})

describe('the pictures of types', () => {
  const verdict = sampleVerdicts['layouts-moved'] ?? verdictOf({})
  const html = renderHtml(verdict)
  const pictures = html.match(/<details class="picture"[^>]*>[^]*?<\/table>/g) ?? []
  const [first] = ofFamily(verdict.findings, 'layout')
  const moved = (findings: readonly Finding[]) => renderHtml(verdictOf({ variants: tenVariants, findings }))

  it('are tables with a caption and heads, of which the first is open', () => {
    expect(pictures.map((one) => /<code>([^<]*)/.exec(one)?.[1])).toEqual([
      'struct device',
      'enum state',
      'union key',
      'struct pci_bus',
    ])
    expect(pictures.map((one) => /^<details [^>]* open>/.test(one))).toEqual([true, false, true, true])
    for (const picture of pictures) {
      expect(picture).toMatch(/<table class="memory"><caption>[^<]+<\/caption><thead><tr><th scope="col"/)
      const rows = picture.split('<tbody>')[1]?.match(/<tr[^]*?<\/tr>/g) ?? []
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(row).toMatch(/<th scope="row">|<td colspan="[45]">/)
    }
  })

  it('say without colour what is new, gone, moved, and what nothing uses', () => {
    const words = (picture = '') =>
      picture
        .split('<tbody>')[1]
        ?.split('</tr>')
        .map((row) =>
          row
            .replace(/<[^>]*>/g, ' ')
            .replace(/\s+/g, ' ')
            .trim(),
        )
    expect(words(pictures[0])).toEqual(
      expect.arrayContaining([
        '132 – 4 hole − gone',
        '– 132 4 slot u32 + new',
        '– 592 8 probe_cookie u64 + new',
        '592 600 8 dma_parms struct device_dma_parameters * ≠ moved +8',
        '708:2 716:3 1 bit of_node_reused u8 ≠ moved +8:1',
      ]),
    )
    expect(words(pictures[0])).toContainEqual(expect.stringMatching(/^… \d+ equal rows$/))
    expect(words(pictures[0])).toContainEqual(expect.stringMatching(/^… \d+ rows, each moved \+8$/))
    expect(words(pictures[1])).toEqual(
      expect.arrayContaining(['– 1 ASLEEP + new', '1 2 ALIVE ≠ other value']),
    )
  })

  it('are drawn once for all variants in which a type lies alike, and no more than twenty', () => {
    const everywhere = moved(first ? tenVariants.map((variant) => ({ ...first, variant })) : [])
    expect(everywhere.match(/<table class="memory">/g)).toHaveLength(1)
    expect(everywhere).toContain('bytes in all 10 variants</span>')
    const many = moved(first ? Array.from({ length: 23 }, (_, at) => ({ ...first, name: `s#x${at}` })) : [])
    expect(many.match(/<table class="memory">/g)).toHaveLength(20)
    expect(many).toContain('<p>… and 3 more types that are not drawn.</p>')
  })

  it('and the causes of changed checksums lead to each other, and only where both are of one type', () => {
    const page = renderHtml(drawnCause)
    const [cause = ''] = page.match(/<details class="cause[^]*?<\/dl>/g) ?? []
    expect(cause).toContain(
      '<dt>Picture</dt><dd><a href="#picture-1"><code>struct device</code> before and after</a></dd>',
    )
    const drawn = page.match(/<details class="picture"[^]*?(?=<details class="picture"|<\/section>)/g) ?? []
    expect(drawn.map((one) => one.includes('href="#cause-1"'))).toEqual([true, false, false, false])
    expect(drawn[0]).toContain('id="picture-1" data-causes="1"')
    expect(drawn[1]).not.toContain('data-causes')
    expect(renderHtml(tenVariantsExplained)).not.toContain('<dt>Picture</dt>')
  })

  it('of one type that variants have in several ways are each led to, with the variants', () => {
    const other = (finding: Finding): Finding =>
      finding.family === 'layout' && finding.name === 's#device'
        ? { ...finding, variant: 's390x', digest: { before: '1'.repeat(16), after: '2'.repeat(16) } }
        : finding
    const page = renderHtml({
      ...drawnCause,
      findings: [...drawnCause.findings, ...drawnCause.findings.map(other)],
    })
    expect(page).toMatch(
      /<dt>Picture<\/dt><dd><a href="#picture-1">[^]*? in x86_64<\/a>, <a href="#picture-\d+">[^]*? in s390x<\/a><\/dd>/,
    )
  })

  it('name the symbols that reach the type, each once, and of very many only a thousand', () => {
    expect(html).toContain('<summary>3 symbols reach it</summary>')
    expect(html).toContain('<pre>device_add\npci_enable_device\npci_set_master</pre>')
    const symbols = Array.from({ length: 1_200 }, (_, at) => `f${at}`)
    expect(moved(first ? [{ ...first, symbols }] : [])).toContain('\n… and 200 more</pre>')
  })

  it('are there, too, where the causes of changed checksums tell of the type', () => {
    const { explanation } = sampleVerdicts['explained-one-cause'] ?? {}
    expect(explanation?.causes.map(({ name }) => name)).toContain('s#device')
    const told = {
      ...verdictOf({ findings: first ? [{ ...first, untold: [] }] : [] }),
      ...(explanation ? { explanation } : {}),
    }
    expect(renderHtml(told).match(/<table class="memory">/g)).toHaveLength(1)
  })
})

const huge = manyCauses(400, 18_000, tenVariants)

it('18,000 symbols and 400 causes in ten variants stay below three megabytes', () => {
  const big = renderHtml(huge)
  expect(big).toContain('400 definitions')
  expect(big.length).toBeLessThan(3_000_000)
})

it('18,000 symbols without an explanation stay below three megabytes', () => {
  const { explanation, ...verdict } = huge
  expect(explanation?.changed).toBe(18_000)
  expect(renderHtml(verdict).length).toBeLessThan(3_000_000)
})

const known =
  /^<(!doctype html|\/?(html|head|meta|title|style|body|a|header|div|h1|h2|h3|b|p|main|label|kbd|input|section|span|ol|ul|li|meter|table|caption|thead|tbody|tr|th|td|small|code|details|summary|dl|dt|dd|pre|footer|script)( [a-z-]+(="[^"<>]*")?)*)>$/

it('whatever the texts of a verdict hold, no element and no attribute comes of them', () => {
  const attributes = new Set(
    'lang html aria-label aria-labelledby autocomplete charset class colspan content data-cause data-causes data-find data-symbol for hidden href http-equiv id max min name open placeholder rel role scope spellcheck tabindex type value'.split(
      ' ',
    ),
  )
  fc.assert(
    fc.property(evilVerdicts, (verdict) => {
      const html = renderHtml(verdict)
      for (const tag of tags(html)) {
        expect(tag).toMatch(known)
        for (const [, name = ''] of tag.matchAll(/ ([a-z-]+)(?:="[^"]*")?(?=[ >])/g)) {
          expect(attributes).toContain(name)
        }
      }
      expect(html.replace(style, '').replace(script, '')).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}]/u)
    }),
  )
})

it('a verdict without anything is still a page', () => {
  expect(renderHtml(verdictOf({ variants: [] }))).toContain('</html>')
})
