import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readDrivers } from '../src/module/read-drivers.ts'
import { buildModule } from '../test/module/build-module.ts'

/**
 * How long it takes to read the drivers of a distribution; the best of five. KABI_DRIVERS names a folder, package or
 * archive; without it, 1,100 modules are made, each with 100 imports, 500 other symbols and 80 kB of code.
 */

const given = process.env['KABI_DRIVERS']
const work = mkdtempSync(join(tmpdir(), 'kabi-bench-'))
try {
  const drivers = given ?? makeDrivers(join(work, 'drivers'))
  let best = Infinity
  let modules = 0
  for (let run = 0; run < 5; run++) {
    const start = performance.now()
    const { value, problems } = await readDrivers([drivers])
    best = Math.min(best, (performance.now() - start) / 1000)
    modules = value.length
    if (problems.length > 0) throw new Error(problems[0]?.message)
  }
  console.log(`${best.toFixed(3).padStart(8)} s  read ${modules} modules`)
} finally {
  rmSync(work, { recursive: true })
}

function makeDrivers(folder: string): string {
  mkdirSync(folder)
  for (let index = 0; index < 1100; index++) {
    const imports = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`kernel_symbol_${(index * 7 + at * 13) % 9000}`, at + 1]),
    )
    const symbols = Array.from({ length: 500 }, (_, at) => ({ name: `function_${at}`, section: '.text' }))
    const module = buildModule({ imports, symbols })
    writeFileSync(join(folder, `driver${index}.ko`), Buffer.concat([module, Buffer.alloc(80_000)]))
  }
  return folder
}
