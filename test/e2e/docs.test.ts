import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isError } from '../../src/problem/problem.ts'
import { parseBaseline } from '../../src/baseline/parse-baseline.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { parseWaivers } from '../../src/config/parse-waivers.ts'
import { changeTexts } from '../../src/report/model/change-texts.ts'
import { findingTexts } from '../../src/report/model/finding-texts.ts'
import { runCli } from './run-bundle.ts'

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  '.github/pull_request_template.md',
  'whitelists/debian-12/README.md',
  ...readdirSync('docs').map((name) => join('docs', name)),
].filter((name) => name.endsWith('.md'))

/** What the sources, the workflows and the configurations say in comments and messages. */
const texts = ['src', 'test', 'scripts', 'bench', 'examples', '.github'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|yml)$/.test(name) && !name.includes('node_modules'))
    .map((name) => join(folder, name)),
)

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

function sectionExists(page: string, anchor: string | undefined): boolean {
  return pages.includes(page) && (anchor === undefined || anchors(readFileSync(page, 'utf8')).has(anchor))
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

  it('has each page and section that a source, a message or another page names', () => {
    const dead = [...pages, ...texts, 'action.yml'].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bdocs\/([a-z-]+\.md)(?:#([\w-]+))?/g)]
        .filter(([, page = '', anchor]) => !sectionExists(join('docs', page), anchor))
        .map(([named]) => `${file}: ${named}`),
    )
    expect(dead).toEqual([])
  })

  it('lists every page of docs/ in its table of contents', () => {
    const contents = readFileSync('docs/README.md', 'utf8')
    const others = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
    expect(others.filter((page) => !contents.includes(`](${basename(page)}`))).toEqual([])
  })

  it('leads each reader of the README to a page of their own', () => {
    const readme = readFileSync('README.md', 'utf8')
    for (const page of ['setup', 'operating', 'fixing-a-break'])
      expect(readme).toContain(`](docs/${page}.md)`)
  })

  it('says what OWNER and the zeros stand for wherever they stand first', () => {
    for (const page of pages) {
      const text = readFileSync(page, 'utf8')
      if (/OWNER\/kabi-gate\S*@0{40}/.test(text))
        expect(text, page).toMatch(/`OWNER` and the zeros are placeholders/)
    }
    const examples = texts.filter(
      (file) => file.startsWith('examples/') && /OWNER\/kabi-gate\S*@0{40}/.test(readFileSync(file, 'utf8')),
    )
    expect(examples.length).toBeGreaterThan(2)
    for (const file of examples)
      expect(readFileSync(file, 'utf8').split('jobs:')[0]).toMatch(/OWNER and the\s+(# )?zeros/)
  })

  it('shows pictures that are PNG and below 200 kB', () => {
    const pictures = readdirSync('docs/images').map((name) => readFileSync(join('docs/images', name)))
    expect(pictures).toHaveLength(2)
    for (const picture of pictures) {
      expect(picture.subarray(1, 4).toString()).toBe('PNG')
      expect(picture.length).toBeLessThan(200_000)
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
