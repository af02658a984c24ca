import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { doubter, type DoubtKind } from '../../src/abi/carry-over.ts'
import type { TreeChange } from '../../src/abi/tree-change.ts'
import { isSource } from '../../src/abi/tree-file.ts'
import { readBasis } from '../../src/evidence/read-evidence.ts'
import { factsOf } from '../../src/kernel/exports/file-facts.ts'

/**
 * Tells how many patches of a series leave the evidence of a kernel as it is (docs/accuracy.md): each by itself, by the files that it
 * names. The patches are not applied, so they may be for another kernel.
 *
 *   npx tsx scripts/carry-over/yield.ts --patches FOLDER --evidence FOLDER
 *
 * The latter is that of a variant, as a check keeps it: WORK/evidence/COMMIT/VARIANT.
 */

const { values: options } = parseArgs({
  options: {
    patches: { type: 'string' },
    evidence: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
})
if (options.patches === undefined || options.evidence === undefined)
  throw new Error('--patches must name a folder of patches, --evidence that of a variant')
const folder = resolve(options.patches)
const evidence = resolve(options.evidence)
const basis = await readBasis(evidence)
if (!basis) throw new Error('this evidence does not say what it rests on')
const symbols = new Set(
  readFileSync(join(evidence, 'Module.symvers'), 'latin1')
    .split('\n')
    .map((line) => line.split('\t')[1] ?? ''),
)
const doubtOf = doubter(basis)
const gravest: readonly DoubtKind[] = ['link', 'build', 'read', 'hides', 'source', 'exports', 'asks']

const counts = new Map<string, number>()
const names = readdirSync(folder).filter((name) => /\.(?:patch|diff)$/.test(name))
for (const name of names) {
  const text = readFileSync(join(folder, name), 'latin1')
  const changes = changesIn(text)
  const doubts = changes.map((change) => doubtOf(change) ?? (mayExport(change, text) ? 'exports' : undefined))
  const found =
    changes.length === 0 ? 'no file' : (gravest.find((kind) => doubts.includes(kind)) ?? 'carried over')
  counts.set(found, (counts.get(found) ?? 0) + 1)
  if (options.list) process.stdout.write(`${found}\t${name}\t${changes.map(({ path }) => path).join(' ')}\n`)
}
for (const [found, count] of [...counts].sort((a, b) => b[1] - a[1]))
  process.stdout.write(`${count}\t${found}\n`)
const share = (100 * (counts.get('carried over') ?? 0)) / names.length
process.stdout.write(`${names.length} patches, ${share.toFixed(1)} % carried over\n`)

/** What a patch does to files, as its heads say. */
function changesIn(text: string): readonly TreeChange[] {
  const entry = { mode: '100644', object: '' }
  return text.split(/^(?=diff --git |--- (?:a\/|\/dev\/null))/m).flatMap((part): readonly TreeChange[] => {
    const [, from] = /^--- (\S+)/m.exec(part) ?? []
    const [, to] = /^\+\+\+ (\S+)/m.exec(part) ?? []
    const [, renamedFrom] = /^rename from (.+)$/m.exec(part) ?? []
    const [, renamedTo] = /^rename to (.+)$/m.exec(part) ?? []
    const before = renamedFrom ?? pathOf(from)
    const after = renamedTo ?? pathOf(to)
    if (before === undefined && after === undefined) return []
    if (before === after && before !== undefined) return [{ path: before, before: entry, after: entry }]
    return [
      ...(before === undefined ? [] : [{ path: before, before: entry }]),
      ...(after === undefined ? [] : [{ path: after, after: entry }]),
    ]
  })
}

function pathOf(named: string | undefined): string | undefined {
  return named === undefined || named === '/dev/null' ? undefined : named.replace(/^[^/]+\//, '')
}

/** What a patch adds is all that is known of the text. */
function mayExport({ path, after }: TreeChange, text: string): boolean {
  if (!isSource(path) || !after) return false
  const added = text
    .split('\n')
    .filter((line) => line.startsWith('+'))
    .map((line) => line.slice(1))
  const { exported = [], sources = [] } = factsOf(Buffer.from(added.join('\n'), 'latin1'))
  return sources.length > 0 || exported.some((symbol) => symbols.has(symbol))
}
