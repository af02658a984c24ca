import { expect, it } from 'vitest'
import type { Verdict } from '../../src/judge/verdict.ts'
import { annotations } from '../../src/report/annotations/annotations.ts'
import { renderChangelog } from '../../src/report/changelog.ts'
import { renderCodeQuality } from '../../src/report/gitlab/render-code-quality.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { renderJson } from '../../src/report/json/render-json.ts'
import { renderJunit } from '../../src/report/junit/render-junit.ts'
import { renderMarkdown } from '../../src/report/markdown/render-markdown.ts'
import { renderNames } from '../../src/report/names.ts'
import { renderRepairText } from '../../src/report/repair-text.ts'
import { renderSarif } from '../../src/report/sarif/render-sarif.ts'
import { renderText } from '../../src/report/text/render-text.ts'
import { tenVariantsExplained } from './explained-verdicts.ts'
import { sampleVerdicts } from './sample-verdicts.ts'

const formats: Readonly<Record<string, (verdict: Verdict) => string>> = {
  text: (verdict) => renderText(verdict, { color: false }),
  details: (verdict) => renderText(verdict, { color: false, details: true, width: 80 }),
  Markdown: (verdict) => renderMarkdown(verdict, { maxBytes: 200_000 }),
  HTML: renderHtml,
  JUnit: renderJunit,
  SARIF: (verdict) => renderSarif(verdict, { roots: [] }),
  'Code Quality': (verdict) => renderCodeQuality(verdict, { roots: [] }),
  annotations: (verdict) => JSON.stringify(annotations(verdict), null, 1),
  names: renderNames,
  changelog: renderChangelog,
  repair: (verdict) => renderRepairText(verdict, { color: false }),
  JSON: renderJson,
}

/** Keys of the JSON report whose values its schema says are identifiers, in the form of genksyms, and fingerprints. */
const identifiers = [
  ...['id', 'name', 'causes', 'chain', 'before', 'after', 'type', 'types', 'embedding', 'asked', 'cause'],
  'fingerprint',
  'kabiGate/v1',
]

/** A line that the sample patch has itself. */
const quoted = 'override s#device struct device { UNKNOWN }'

/** Names as genksyms writes them, where a reader sees them. */
function rawNames(report: string): readonly string[] {
  const shown = /^[{[]/.test(report)
    ? JSON.stringify(
        JSON.parse(report),
        (key, value: unknown) => (identifiers.includes(key) ? null : value),
        1,
      )
    : report
  return shown
    .split('\n')
    .filter((line) => /\b[suetE]#\w/.test(line.replaceAll(quoted, '')))
    .map((line) => line.trim().slice(0, 200))
}

const samples = { ...sampleVerdicts, tenVariantsExplained }

it.each(Object.keys(formats))('no name of genksyms is shown to a reader of %s', (format) => {
  const raw = Object.entries(samples).flatMap(([sample, verdict]) =>
    rawNames(formats[format]?.(verdict) ?? '').map((line) => `${sample}: ${line}`),
  )
  expect(raw).toEqual([])
})

it('a type is `struct device` in JUnit, and a symbol has its own name', () => {
  const report = renderJunit(sampleVerdicts['layouts-moved'] ?? tenVariantsExplained)
  expect(report).toContain('name="layout struct device"')
  expect(report).toContain('name="layout pci_enable_device"')
})
