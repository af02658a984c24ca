import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { renderJson } from '../../src/report/json/render-json.ts'
import { renderMarkdown } from '../../src/report/markdown/render-markdown.ts'
import { renderText } from '../../src/report/text/render-text.ts'
import { tenVariantsExplained } from './explained-verdicts.ts'
import { jsonSchema, reportSchema } from './report-schema.ts'
import { sampleVerdicts } from './sample-verdicts.ts'
import { manyChanged, tenVariants, verdictOf } from './samples.ts'

// UPDATE_GOLDEN=1 npx vitest run test/report rewrites the files; read the difference before you commit it.
const update = process.env['UPDATE_GOLDEN'] === '1'

const folder = new URL('golden/', import.meta.url)
const schemaFile = new URL('../../docs/report.schema.json', import.meta.url)

function compareWith(file: URL, actual: string): void {
  if (update) writeFileSync(file, actual)
  expect(actual).toBe(readFileSync(file, 'utf8'))
}

const fiveThousand = verdictOf({
  variants: tenVariants,
  findings: tenVariants.flatMap((variant) => manyChanged(5_000, variant)),
})

const rendered: Record<string, string> = {
  'five-thousand-findings.txt': renderText(fiveThousand, { color: false, maxSymbols: 10 }),
  'five-thousand-findings.md': renderMarkdown(fiveThousand, { maxBytes: 4_000 }),
  'break-each-kind-2000-bytes.md': renderMarkdown(sampleVerdicts['break-each-kind'] ?? fiveThousand, {
    maxBytes: 2_000,
  }),
  'ten-variants-80-columns.txt': renderText(sampleVerdicts['ten-variants'] ?? fiveThousand, {
    color: false,
    width: 80,
  }),
  'explained-ten-variants.txt': renderText(tenVariantsExplained, { color: false }),
  'explained-ten-variants.md': renderMarkdown(tenVariantsExplained, { maxBytes: 60_000 }),
  'explained-in-part-details.txt': renderText(sampleVerdicts['explained-in-part'] ?? fiveThousand, {
    color: false,
    details: true,
  }),
  'explained-one-cause-color.txt': renderText(sampleVerdicts['explained-one-cause'] ?? fiveThousand, {
    color: true,
  }),
  'error-color.txt': renderText(sampleVerdicts['error'] ?? fiveThousand, { color: true }),
}
for (const [name, verdict] of Object.entries(sampleVerdicts)) {
  rendered[`${name}.txt`] = renderText(verdict, { color: false })
  rendered[`${name}.md`] = renderMarkdown(verdict, { maxBytes: 60_000 })
  rendered[`${name}.json`] = renderJson(verdict)
}

describe('golden reports', () => {
  it.each(Object.entries(rendered))('%s is as it was reviewed', (name, actual) => {
    compareWith(new URL(name, folder), actual)
  })

  it('belong to a sample, every one', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(rendered).sort())
  })

  it.each(Object.keys(sampleVerdicts))('%s.json satisfies the schema to the last key', (name) => {
    const golden: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
    expect(reportSchema.safeParse(golden).error?.message).toBeUndefined()
  })
})

it('docs/report.schema.json is the schema that the reports are checked with', async () => {
  const style = await resolveConfig(schemaFile)
  compareWith(schemaFile, await format(JSON.stringify(jsonSchema()), { ...style, parser: 'json' }))
})
