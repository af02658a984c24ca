import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, inject, it } from 'vitest'
import { caseOf, kinds } from '../../scripts/mutate/kinds.ts'
import { prepareList } from '../../scripts/mutate/prepare-list.ts'
import { isRight, type Row } from '../../scripts/mutate/results.ts'
import { batchesOf, runBatch } from '../../scripts/mutate/run-batch.ts'
import { openWorkbench } from '../../scripts/mutate/workbench.ts'

/**
 * Twenty edits of a real kernel whose effect a program of its own foretells: the committed bundle names the same symbols,
 * checksums, causes, classes and lines. `npm run mutate` tries as many as one likes (docs/accuracy.md).
 */

const folder = mkdtempSync(join(tmpdir(), 'kabi-mutations-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** One edit of each; those that make the whole kernel be searched are left to the long run. */
const sample = [
  'field first',
  'field in the middle',
  'field last',
  'field retyped',
  'fields swapped',
  'array bound by its #define',
  'enumerator inserted',
  'argument added',
  'typedef retargeted',
  'attribute of a field',
  'export GPL-only',
  'export in a namespace',
  'hidden: namespace by a macro in disguise',
  'comment',
  'white space',
  'body of a function',
  'structure that nothing reaches',
  'order of includes',
  'export in other words',
  'unseen: field behind __GENKSYMS__',
]

it('a report on each of twenty edits says what changed, what did it, and in which line', async () => {
  const places = { tree: inject('tree'), builds: inject('builds'), folder }
  const bench = openWorkbench('amd64', { ...places, cli: resolve(import.meta.dirname, '../../dist/cli.js') })
  await prepareList(bench)
  const cases = sample.flatMap((name) => {
    const number = kinds.findIndex((kind) => kind.name === name)
    return caseOf(bench, 'sample', number) ?? []
  })
  const rows: Row[] = []
  const options = { seed: 'sample', compiles: () => false, done: (row: Row) => rows.push(row) }
  for (const batch of batchesOf(cases, 10)) await runBatch(bench, batch, options)
  expect(rows.filter((row) => !isRight(row))).toEqual([])
  expect(rows.map(({ kind }) => kind).sort()).toEqual(sample.toSorted())
})
