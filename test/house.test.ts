import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const { arrows } = (await import(join(root, 'eslint.config.js'))) as {
  readonly arrows: Readonly<Record<string, readonly string[]>>
}
const source = join(root, 'src')

/** Every TypeScript file of `src/`, by its path from there. */
function sources(): readonly string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
}

/** The folder of `src/` that each file imports from, another one than its own. */
function foldersImportedBy(file: string): readonly string[] {
  const text = readFileSync(join(source, file), 'utf8')
  const paths = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map(([, path = '']) =>
    normalize(join(dirname(file), path)),
  )
  const folders = paths.filter((path) => !path.startsWith('..')).map((path) => path.split('/')[0] ?? '')
  return folders.filter((folder) => folder in arrows && folder !== file.split('/')[0])
}

const used = new Map(Object.keys(arrows).map((folder) => [folder, new Set<string>()]))
for (const file of sources()) {
  const set = used.get(file.split('/')[0] ?? '')
  for (const folder of foldersImportedBy(file)) set?.add(folder)
}

describe('the folders of src/', () => {
  test('are those that the arrows name, and beside them lies only the version', () => {
    const folders = [...new Set(sources().map((file) => file.split('/')[0] ?? ''))]
    expect(folders.toSorted()).toEqual([...Object.keys(arrows), 'version.ts'].toSorted())
  })

  test.each(Object.keys(arrows))(
    '%s/ imports from the folders that its arrows lead to, and from no other',
    (folder) => {
      expect([...(used.get(folder) ?? [])].toSorted()).toEqual(arrows[folder]?.toSorted())
    },
  )

  test('stand in an order in which every arrow leads down, so there is no circle', () => {
    const order = Object.keys(arrows)
    const up = Object.entries(arrows).flatMap(([folder, below]) =>
      below.filter((one) => order.indexOf(one) >= order.indexOf(folder)).map((one) => `${folder} → ${one}`),
    )
    expect(up).toEqual([])
  })

  test('have no circle of files either', () => {
    expect(circles()).toEqual([])
  })

  test('export nothing that no other file names, but what reports and verdicts are made of', () => {
    expect(unusedExports().filter((one) => !/^(report|judge)\//.test(one))).toEqual([])
  })

  test('stand in docs/architecture.md with the arrows that they have', () => {
    const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
    const rows = [...text.matchAll(/^\| `(\w+)\/` \|[^|]*\| ([^|]*) \|$/gm)].map(
      ([, folder = '', below = '']) => [folder, below === '–' ? [] : below.split(', ')],
    )
    expect(Object.fromEntries(rows)).toEqual(arrows)
  })
})

test('what a machine may read is printed in one place, whose escapes keep a terminal and a log harmless', () => {
  const printing = sources().filter((file) =>
    readFileSync(join(source, file), 'utf8').includes(', undefined, 2)'),
  )
  // The schema of kabi.yml is ours, every character of it.
  expect(printing.toSorted()).toEqual(['config/json-schema.ts', 'report/json/print-json.ts'])
})

describe('the functions of src/', () => {
  test('have at most 60 lines, so that each is read on one page', () => {
    expect(sources().flatMap(longFunctions)).toEqual([])
  })
})

/** The functions of a file that have more than 60 lines, `file:line name: lines`. */
function longFunctions(file: string): readonly string[] {
  const text = readFileSync(join(source, file), 'utf8')
  if (text.split('\n').length <= 60) return []
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest)
  const lineAt = (at: number): number => parsed.getLineAndCharacterOfPosition(at).line + 1
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const [first, last] = [lineAt(node.getStart(parsed)), lineAt(node.end)]
    if (ts.isFunctionLike(node) && last - first >= 60)
      found.push(`${file}:${first} ${node.name?.getText(parsed) ?? ''}: ${last - first + 1}`)
    ts.forEachChild(node, visit)
  }
  visit(parsed)
  return found
}

/** Exports of `src/` that no other file of `src/` has the name of, `file: name`; those that a test names are for its sake. */
function unusedExports(): readonly string[] {
  const words = (text: string) => new Set(text.match(/\w+/g))
  const tests = words(
    ['test', 'scripts', 'bench']
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
          .map((file) => readFileSync(join(root, folder, file), 'utf8')),
      )
      .join('\n'),
  )
  const files = sources().map((file) => ({ file, text: readFileSync(join(source, file), 'utf8') }))
  const namedIn = new Map<string, number>()
  for (const { text } of files)
    for (const word of words(text)) namedIn.set(word, (namedIn.get(word) ?? 0) + 1)
  return files.flatMap(({ file, text }) =>
    [...text.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => namedIn.get(name) === 1 && !tests.has(name))
      .map((name) => `${file}: ${name}`),
  )
}

/** Circles of files that import each other for more than types. */
function circles(): readonly string[] {
  const imports = new Map(
    sources().map((file) => {
      const text = readFileSync(join(source, file), 'utf8')
      const paths = [...text.matchAll(/^(?:import|export) (?!type )[^']*?from '(\.[^']*)'/gm)]
      return [file, paths.map(([, path = '']) => relative('.', join(dirname(file), path)))]
    }),
  )
  const done = new Set<string>()
  const found: string[] = []
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) {
      found.push([...way.slice(way.indexOf(file)), file].join(' → '))
      return
    }
    if (done.has(file)) return
    for (const next of imports.get(file) ?? []) walk(next, [...way, file])
    done.add(file)
  }
  for (const file of imports.keys()) walk(file, [])
  return found
}
