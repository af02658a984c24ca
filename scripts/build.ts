import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, distFolder } from './bundle.ts'
import { assetsFile, reportAssets } from './report-assets.ts'

// The page is part of what is bundled, so it comes first.
writeFileSync(assetsFile, await reportAssets())
mkdirSync(distFolder, { recursive: true })
for (const [name, contents] of await bundle()) {
  writeFileSync(join(distFolder, name), contents)
  console.log(`dist/${name}  ${(contents.length / 1024).toFixed(0)} KiB`)
}
chmodSync(join(distFolder, 'cli.js'), 0o755)
