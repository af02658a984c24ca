import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { createHash } from 'node:crypto'
import { build, type Metafile } from 'esbuild'
import { isError } from '../src/problem/problem.ts'
import { renderPage } from '../src/vendor/page/render-page.ts'
import { tool } from '../src/version.ts'
import { readPageData } from '../src/vendor/page/read-page-data.ts'

const root = resolve(import.meta.dirname, '..')

/** The committed bundles and what each starts from. */
const entries = { cli: 'src/cli/index.ts', index: 'src/action/index.ts' }

/** Bundled CommonJS code asks for `require`, which an ES module does not have. */
const banner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);"

/** Makes every file of dist/: name to bytes. The same sources give the same bytes on every machine. */
export async function bundle(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    charset: 'ascii',
    legalComments: 'none',
    banner: { js: banner },
    metafile: true,
    write: false,
    logLevel: 'warning',
  })
  const files = new Map<string, Uint8Array>()
  for (const { path, contents } of outputFiles) files.set(relative(join(root, 'dist'), path), contents)
  files.set('LICENSES.txt', new TextEncoder().encode(licenses(metafile)))
  files.set('checker.html', new TextEncoder().encode(await checkerPage()))
  return files
}

/** The page on which makers of drivers check a module, with the whitelists that come with kabi-gate. */
async function checkerPage(): Promise<string> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/vendor/page/browser/main.ts'],
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  })
  const source = join(root, 'whitelists/debian-12')
  const data = await readPageData(
    { title: 'Debian 12', ask: '' },
    { config: join(source, 'kabi.yml'), source, variants: [], strategy: undefined, symvers: [], cwd: source },
  )
  const problem = data.problems.find(isError)
  if (problem) throw new Error(problem.message)
  return renderPage({
    data: data.value,
    version: tool.version,
    script: outputFiles
      .map(({ text }) => text)
      .join('')
      .trim(),
    licenses: licenses(metafile),
    hashOf: (text) => createHash('sha256').update(text).digest('base64'),
  })
}

/** The licence texts of every package whose code is in a bundle, sorted by name. */
function licenses(metafile: Metafile): string {
  const packages = new Set<string>()
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)
    if (found) packages.add(found[0])
  }
  const texts = [...packages].map(licenseOf).sort()
  return texts.join('\n' + '='.repeat(80) + '\n\n')
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly author?: string | { readonly name: string }
}

function licenseOf(folder: string): string {
  const path = join(root, folder)
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest
  const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? standardText(manifest) : readFileSync(join(path, file), 'utf8')
  const { name, version, license } = manifest
  return `${name} ${version}\nLicense: ${license}\n\n${text.replaceAll('\r\n', '\n').trim()}\n`
}

/** For a package that names its licence without the text; any but MIT must be looked at by a person. */
function standardText({ name, license, author }: Manifest): string {
  if (license !== 'MIT' || author === undefined)
    throw new Error(`${name} comes without the text of its licence`)
  return `Copyright (c) ${typeof author === 'string' ? author : author.name}\n\n${mit}`
}

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`

export const distFolder = join(root, 'dist')
