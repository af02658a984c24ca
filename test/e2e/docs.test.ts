import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isError } from '../../src/problem/problem.ts'
import { parseBaseline } from '../../src/baseline/parse-baseline.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { parseWaivers } from '../../src/config/parse-waivers.ts'
import { changeTexts } from '../../src/report/change-texts.ts'
import { findingTexts } from '../../src/report/finding-texts.ts'
import { runCli } from './run-bundle.ts'

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync('docs').map((name) => join('docs', name)),
].filter((name) => name.endsWith('.md'))

/** Headings as GitHub turns them into anchors. */
function anchors(markdown: string): Set<string> {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => text)
  return new Set(
    headings.map((text) =>
      text
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  )
}

/** The contents of fenced blocks of one language, indented or not. */
function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\``, 'gm'))].map(
    ([, indent = '', body = '']) => body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
}

describe('the documentation', () => {
  it.each(pages)('%s links only to what exists', (page) => {
    for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : join(dirname(page), path)
      const text = readFileSync(file, 'utf8')
      if (anchor !== undefined) expect(anchors(text), `${page}: ${target}`).toContain(anchor)
    }
  })

  it('has a section for each kind of finding and class of changes that reports refer to', () => {
    const sections = anchors(readFileSync('docs/fixing-a-break.md', 'utf8'))
    const texts = [...Object.values(findingTexts), ...Object.values(changeTexts)]
    for (const { anchor } of texts) expect(sections).toContain(anchor)
  })

  it('names every class of changes in the policy', () => {
    const policy = readFileSync('docs/policy.md', 'utf8')
    for (const name of Object.keys(changeTexts)) expect(policy).toContain(`\`${name}\``)
  })

  it.each(
    pages.flatMap((page) => blocks(readFileSync(page, 'utf8'), 'yaml').map((text) => [page, text] as const)),
  )('%s shows YAML that is accepted: %#', (_, text) => {
    const data = parse(text) as Record<string, unknown>
    if (data['version'] === undefined) return
    const { problems } =
      'variant' in data
        ? parseBaseline(text, 'baseline.yml')
        : Array.isArray(data['waivers'])
          ? parseWaivers(text, 'waivers.yml', ['x86_64', 's390x'])
          : parseConfig(text, 'kabi.yml')
    expect(problems.filter(isError)).toEqual([])
  })

  it('shows in the README the break that the demo prints', async () => {
    const { stdout } = await runCli(['demo'])
    const [shown = ''] = blocks(readFileSync('README.md', 'utf8'), '').filter((text) =>
      text.startsWith('BREAK'),
    )
    expect(shown).not.toBe('')
    expect(stdout.replaceAll(/^ {2}/gm, '')).toContain(shown)
  })
})
