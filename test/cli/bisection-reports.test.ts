import { readFileSync, writeFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { bisectionAudit } from '../../src/cli/bisection-audit.ts'
import { bisectionJson } from '../../src/cli/bisection-json.ts'
import { bisectionMarkdown } from '../../src/cli/bisection-markdown.ts'
import { resultOf, type Bisection } from '../../src/cli/bisection.ts'
import { tool } from '../../src/version.ts'
import { evilText } from '../report/arbitrary-verdict.ts'
import { publicSchema } from '../report/report-schema.ts'
import { bisectionSchema } from './bisection-schema.ts'
import { bisectionOf, failed, found, intact } from './bisections.ts'

const schemaFile = new URL('../../docs/bisection.schema.json', import.meta.url)
const run = {
  actor: 'mia',
  url: 'https://github.example/distro/linux/actions/runs/77',
  repository: 'distro/linux',
  commit: 'c'.repeat(40),
  at: '2026-11-30T12:00:00.000Z',
}
const all: readonly (readonly [string, Bisection])[] = [
  ['found', found],
  ['intact', intact],
  ['error', failed],
]

describe('the Markdown of a bisection', () => {
  const repository = 'https://github.example/distro/linux'
  const markdown = (bisection: Bisection) => bisectionMarkdown(bisection, { maxBytes: 60_000, repository })

  it('is a table of what broke, how, and by which commit, with what was skipped', () => {
    const link = (digit: string) =>
      `[\`${digit.repeat(12)}\`](https://github.example/distro/linux/commit/${digit.repeat(40)})`
    expect(markdown(found)).toBe(`## ⚠️ kabi-gate bisect: FOUND

2 breaks by 2 commits between \`v6.1.170\` and \`main\`.

### What broke

| Cause | Change | Symbols | Commit | Date |
|---|---|---|---|---|
| <code>struct device</code> | field added in front of others, u64 cookie | 4: \`device_add\`, \`device_del\`, \`get_device\` and 1 more | ${link('9')} Give a device a cookie | 2026-11-30 |
| \`kfree\` | symbol removed | 1: \`kfree\` | one of 2, as those before it cannot be looked at: ${link('3')} drop kfree, ${link('2')} rework | 2026-11-30 |

Look at:

- \`include/linux/device.h:3\`: <code>+ u64 cookie;</code> (struct device)

### 1 commit skipped

These cannot be looked at. A break in one of them is told of as one of several commits.

| Commit | Why |
|---|---|
| ${link('2')} | it does not compile |

<sub>Asked for every break in all variants; good \`v6.1.170\` (\`aaaaaaaaaaaa\`), bad \`main\` (\`bbbbbbbbbbbb\`); 6 commits looked at; kabi-gate ${tool.version}. A bisection is no check.</sub>
`)
  })

  it('names commits without a link where nobody knows the repository', () => {
    expect(bisectionMarkdown(found, { maxBytes: 60_000 })).toContain('| `999999999999` Give a device')
    expect(bisectionMarkdown(found, { maxBytes: 60_000 })).not.toContain('](')
  })

  it('says that nothing is broken, and what was asked', () => {
    expect(markdown(intact)).toMatch(/^## ✅ kabi-gate bisect: INTACT\n/)
    expect(markdown(intact)).toContain('Nothing that was asked for is broken between `v6.1.170` and `main`.')
    expect(markdown(intact)).toContain(
      'only what changes <code>struct page</code> in `x86_64`, first parents only',
    )
  })

  it('says after an error what to do, and nothing of breaks', () => {
    expect(markdown(failed)).toMatch(/^## ❌ kabi-gate bisect: ERROR\n/)
    expect(markdown(failed)).toContain('Name a commit.')
    expect(markdown(failed)).not.toMatch(/broken|looked at/)
  })

  it('lets no text that somebody else wrote come to life, and keeps to its limit', () => {
    fc.assert(
      fc.property(evilText, fc.constantFrom(2_000, 20_000), (evil, maxBytes) => {
        const text = bisectionMarkdown(bisectionOf(evil), { maxBytes, repository })
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes)
        expect(text).toMatch(/^## ⚠️ kabi-gate bisect: FOUND\n/)
        expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(text).not.toMatch(/^\s*::|##\[/m)
        const alive = text.replace(/^(`{3,}).*\n[^]*?\n\1$/gm, '')
        expect(alive).not.toMatch(/<script|https:\/\/evil|@everyone|#123|(?<!\\)\]\(javascript/)
      }),
    )
  })

  it('counts what does not fit', () => {
    const breaks = Array.from({ length: 3_000 }, () => found.value?.breaks ?? []).flat()
    const many = { ...found, value: { breaks, looked: 9, skipped: [] } }
    const text = bisectionMarkdown(many, { maxBytes: 60_000 })
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000)
    expect(text).toContain('6000 breaks by 2 commits')
    expect(text).toMatch(/… and \d+ more/)
  })
})

describe('the JSON of a bisection', () => {
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as object
  const validate = new Ajv2020({ strict: false }).compile(schema)

  it.each(all)('that ended as %s has the keys of its schema, and no other', (result, bisection) => {
    const json: unknown = JSON.parse(bisectionJson(bisection))
    expect(bisectionSchema.safeParse(json).error?.message).toBeUndefined()
    expect([validate(json), validate.errors]).toEqual([true, null])
    expect(json).toMatchObject({ result })
    expect(resultOf(bisection)).toBe(result)
  })

  it('says of a break what, how, by which line and by which commit', () => {
    const [device, kfree] = bisectionSchema.parse(JSON.parse(bisectionJson(found))).breaks
    expect(device).toMatchObject({
      broken: { kind: 'type', name: 's#device', title: 'struct device', finding: null },
      commits: [{ hash: '9'.repeat(40), subject: 'Give a device a cookie', date: '2026-11-30' }],
    })
    expect(device?.broken.change).toMatchObject({ class: 'field-added', subject: 'u64 cookie', before: null })
    expect(device?.broken.lines).toMatchObject([{ file: 'include/linux/device.h', line: 3, commit: null }])
    expect(kfree?.broken).toMatchObject({ title: 'kfree', finding: 'removed', change: null })
  })

  it('is as harmless in a log as any report', () => {
    fc.assert(
      fc.property(evilText, (evil) => {
        const json = bisectionJson(bisectionOf(evil))
        expect(json).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(json).not.toContain('##[')
        expect(bisectionSchema.parse(JSON.parse(json)).good.name).toBe(evil)
      }),
    )
  })

  it('has its schema in docs/bisection.schema.json', async () => {
    const style = await resolveConfig(schemaFile)
    const text = await format(JSON.stringify(publicSchema(bisectionSchema)), { ...style, parser: 'json' })
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(schemaFile, text)
    expect(text).toBe(readFileSync(schemaFile, 'utf8'))
  })
})

describe('the audit line of a bisection', () => {
  it('tells who asked for what, when and where, and what was found', () => {
    expect(JSON.parse(bisectionAudit(found, run))).toEqual({
      at: run.at,
      repository: 'distro/linux',
      commit: run.commit,
      run: run.url,
      actor: 'mia',
      bisection: 'found',
      ...found.question,
      found: 2,
      breaks: [
        { name: 's#device', finding: null, symbols: 4, commits: ['9'.repeat(40)] },
        { name: 'kfree', finding: 'removed', symbols: 1, commits: ['3'.repeat(40), '2'.repeat(40)] },
      ],
      looked: 6,
      skipped: 1,
      version: tool.version,
    })
  })

  it('cannot be taken for an excuse, nor for a pass', () => {
    for (const [result, bisection] of all) {
      const line = JSON.parse(bisectionAudit(bisection, run)) as object
      expect(line).toMatchObject({ bisection: result })
      for (const key of ['verdict', 'by', 'reason']) expect(line).not.toHaveProperty(key)
    }
  })

  it('is one line, whatever the texts hold', () => {
    fc.assert(
      fc.property(evilText, (evil) => {
        const line = bisectionAudit(bisectionOf(evil), run)
        expect(line.split(/[\n\r\u2028\u2029]/)).toEqual([line.trimEnd(), ''])
        expect(JSON.parse(line)).toMatchObject({ symbol: evil })
      }),
    )
  })
})
