import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProtectedSymbol } from './draft.ts'
import { check } from './product.ts'
import { rowsOf, type Workbench } from './workbench.ts'

const files = ['kabi_whitelist', 'symtypes.gz', 'layouts.gz', 'baseline.yml']

/**
 * Lets the bundle make the list under test. One that an earlier bundle made is good as long as the unedited kernel passes;
 * it is kept until there is another one. Throws when the kernel does not pass, or when the list is not the stored one, as
 * far as it goes.
 */
export async function prepareList(bench: Workbench): Promise<void> {
  const path = join(bench.list, 'kabi_whitelist')
  if (existsSync(path) && isStored(path, bench.symbols) && (await check(bench, [])).result === 'pass') return
  const kept = files.map((file) => join(bench.list, file)).filter((file) => existsSync(file))
  for (const file of kept) renameSync(file, `${file}.old`)
  try {
    createList(bench)
  } catch (error) {
    for (const file of kept) renameSync(`${file}.old`, file)
    throw error
  }
  for (const file of kept) rmSync(`${file}.old`)
  if (!isStored(path, bench.symbols)) throw new Error(`${path} is not as stored`)
  const { result } = await check(bench, [])
  if (result !== 'pass') throw new Error(`the unedited kernel gives ${result}`)
}

function createList({ folder, cli, where, symbols }: Workbench): void {
  const names = join(folder, 'names')
  writeFileSync(names, [...symbols.keys(), ''].join('\n'))
  const args = [cli, 'whitelist', 'create', ...where, '--names', names]
  execFileSync(process.execPath, args, { stdio: ['ignore', 2, 'inherit'] })
}

function isStored(path: string, symbols: ReadonlyMap<string, ProtectedSymbol>): boolean {
  const made = rowsOf(readFileSync(path, 'utf8'))
  return made.length === symbols.size && made.every(({ symbol, crc }) => symbols.get(symbol)?.crc === crc)
}
