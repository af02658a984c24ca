import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'src/report/html/browser')

/** The module with the script and the style of the HTML report, made from the files in `browser/`. */
export const assetsFile = join(root, 'src/report/html/assets.ts')

/** Makes that module: the two texts, and the hashes by which the page's content security policy allows them. */
export async function reportAssets(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(folder, 'main.ts')],
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  })
  const script = outputFiles
    .map(({ text }) => text)
    .join('')
    .trim()
  const style = readFileSync(join(folder, 'report.css'), 'utf8')
  const texts = { script, style }
  const lines = Object.entries(texts).flatMap(([name, text]) => [
    `export const ${name} = ${JSON.stringify(text)}`,
    `export const ${name}Hash = ${JSON.stringify(createHash('sha256').update(text).digest('base64'))}`,
  ])
  return ['// Made by `npm run build` from the files in browser/.', ...lines, ''].join('\n')
}
