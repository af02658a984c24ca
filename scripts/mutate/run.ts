import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { caseOf, kinds, type Case } from './kinds.ts'
import { prepareList } from './prepare-list.ts'
import { addRow, isRight, latest, readRows, tableOf, type Row } from './results.ts'
import { batchesOf, runBatch } from './run-batch.ts'
import { copyKernel, openWorkbench, variants, type Variant, type Workbench } from './workbench.ts'

/**
 * Edits a real kernel in many known ways and holds every report against what is true (docs/accuracy.md).
 *
 *   npm run mutate -- --tree TREE --seed N --count M
 *
 * TREE is a kernel of whitelists/debian-12 (6.1.170-3); it is copied, never edited. Results go to a file of the work
 * folder, one line a case, and a run goes on where the last one ended.
 */

const { values: options } = parseArgs({
  options: {
    tree: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    variant: { type: 'string', multiple: true, default: ['amd64', 's390x'] },
    /** The first case; kinds take turns from 0. */
    from: { type: 'string', default: '0' },
    /** Only kinds whose name holds one of these texts. */
    kind: { type: 'string', multiple: true, default: [''] },
    /** Edits of one family that are put into the tree together, to be quick; those that look wrong are tried alone. */
    together: { type: 'string', default: '8' },
    /** How many cases are compiled too. */
    compile: { type: 'string', default: '0' },
    work: { type: 'string', default: join(homedir(), '.cache/kabi-gate/mutations') },
    cli: { type: 'string', default: resolve(import.meta.dirname, '../../dist/cli.js') },
    results: { type: 'string' },
    /** Tries again what was wrong, with the bundle of now. */
    again: { type: 'boolean', default: false },
    /** Only says which edits would be made. */
    list: { type: 'boolean', default: false },
    /** Only prints the table. */
    table: { type: 'boolean', default: false },
  },
})

mkdirSync(options.work, { recursive: true })
const resultsPath = options.results ?? join(options.work, 'results.jsonl')
let toCompile = Number(options.compile)

if (!options.table)
  for (const name of options.variant) {
    if (!(name in variants))
      throw new Error(`--variant ${name}: not one of ${Object.keys(variants).join(', ')}`)
    if (options.tree === undefined) throw new Error('--tree must name a kernel source tree')
    const folder = resolve(options.work, name)
    const tree = copyKernel(options.tree, folder)
    const builds = join(folder, 'builds')
    await runVariant(openWorkbench(name as Variant, { tree, folder, builds, cli: options.cli }))
  }
const rows = latest(readRows(resultsPath)).filter(({ seed }) => options.table || seed === options.seed)
process.stdout.write(tableOf(rows))
if (!rows.every(isRight)) process.exitCode = 1

async function runVariant(bench: Workbench): Promise<void> {
  const done = new Set(
    latest(readRows(resultsPath))
      .filter((row) => row.variant === bench.variant && row.seed === options.seed)
      .filter((row) => isRight(row) || !options.again)
      .map(({ number }) => number),
  )
  const from = Number(options.from)
  const cases: Case[] = []
  for (let number = from; number < from + Number(options.count); number++) {
    const name = kinds[number % kinds.length]?.name ?? ''
    if (done.has(number) || !options.kind.some((part) => name.includes(part))) continue
    const made = caseOf(bench, options.seed, number)
    if (!made) process.stderr.write(`${bench.variant} ${number}: no place for "${name}"\n`)
    else if (options.list) process.stdout.write(`${number} ${name}: ${made.draft.what}\n`)
    else cases.push(made)
  }
  if (cases.length > 0) await prepareList(bench)
  for (const batch of batchesOf(cases, Number(options.together)))
    await runBatch(bench, batch, {
      seed: options.seed,
      compiles: ({ draft }) => draft.compile !== undefined && toCompile-- > 0,
      done: (row) => {
        addRow(resultsPath, row)
        process.stderr.write(`${lineOf(row)}\n`)
      },
    })
}

function lineOf(row: Row): string {
  const { variant, number, seconds, together, kind, what, wrong } = row
  const head = `${variant} ${number} ${isRight(row) ? 'right' : 'WRONG'} ${seconds} s for ${together}  ${kind}: ${what}`
  return [head, ...wrong].join('\n    ')
}
