import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { explainer, type ChangedSymbol } from '../src/abi/explain/explainer.ts'
import { mergeExplanations } from '../src/abi/explain/merge-explanations.ts'
import { exportsOfDump } from '../src/abi/exports-of-dump.ts'
import { parseSymvers } from '../src/abi/parse-symvers.ts'

/**
 * Measures how long it takes to explain every changed export of a whole kernel, reading included.
 * Usage: npm run bench:explain -- TYPES-BEFORE SYMVERS-BEFORE TYPES-AFTER SYMVERS-AFTER
 *   TYPES    a folder with the `.symtypes` files of all objects, such as the results/objects of strategy exports
 *   SYMVERS  the Module.symvers of the same kernel
 */
const [typesBefore, symversBefore, typesAfter, symversAfter] = process.argv.slice(2)
if (!typesBefore || !symversBefore || !typesAfter || !symversAfter)
  throw new Error('usage: explain.ts TYPES-BEFORE SYMVERS-BEFORE TYPES-AFTER SYMVERS-AFTER')

const started = performance.now()
const phase = (what: string): void =>
  console.log(`${((performance.now() - started) / 1000).toFixed(2).padStart(8)} s  ${what}`)

const before = checksums(symversBefore)
const after = checksums(symversAfter)
phase(`${before.size} and ${after.size} exports read`)
const fileAfter = new Map<string, string>()
for (const file of dumpsIn(typesAfter))
  for (const symbol of exportsOfDump(readFileSync(join(typesAfter, file)))) fileAfter.set(symbol, file)
phase('objects of the build looked through')
const one = explainer()
let pairs = 0
let bytes = 0
for (const file of dumpsIn(typesBefore)) {
  const dump = readFileSync(join(typesBefore, file))
  // A symbol may have moved to another object.
  const moved = new Map<string, ChangedSymbol[]>()
  for (const symbol of exportsOfDump(dump)) {
    const [old, now, current] = [before.get(symbol), after.get(symbol), fileAfter.get(symbol)]
    if (old === undefined || now === undefined || old === now || current === undefined) continue
    moved.set(current, [...(moved.get(current) ?? []), { symbol, before: old, after: now }])
  }
  for (const [other, symbols] of moved) {
    const current = readFileSync(join(typesAfter, other))
    one.add({ before: dump, after: current, symbols })
    pairs++
    bytes += dump.length + current.length
  }
}
phase(`${pairs} pairs of objects, ${(bytes / 1e6).toFixed(0)} MB`)
const { explanation } = mergeExplanations(new Map([['all', one.explanation()]]))
phase(`${explanation.changed} changed, ${explanation.proven} proven, ${explanation.causes.length} causes`)
for (const { why, symbols } of explanation.unexplained) console.log(`            ${why}: ${symbols.length}`)
console.log(`${(process.resourceUsage().maxRSS / 1024).toFixed(0).padStart(8)} MiB at most`)

function dumpsIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.symtypes'))
}

function checksums(path: string): ReadonlyMap<string, number> {
  const { value } = parseSymvers(readFileSync(path, 'utf8'), path)
  return new Map(value.exports.map(({ symbol, crc }) => [symbol, crc]))
}
