import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { proveBisect, type Proof } from './bisect.ts'
import { proveInterrupts } from './interrupts.ts'
import { provePerCommit } from './per-commit.ts'
import { openWorkbench } from './workbench.ts'

/**
 * Makes a history of what two real kernels have different, and holds what `kabi-gate bisect` says of it against what each commit
 * was made of (docs/accuracy.md).
 *
 *   npm run prove:history -- --from TREE --to TREE --seed N
 *
 * TREE are kernels of Debian 12, of which the older is that of whitelists/debian-12 (6.1.170-3); they are only read. The same
 * seed and trees give the same commits. A history that was made is kept, and the next run goes on with it.
 */

const { values: options } = parseArgs({
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    seed: { type: 'string', default: '1' },
    commits: { type: 'string', default: '60' },
    breaks: { type: 'string', default: '10' },
    repaired: { type: 'string', default: '2' },
    /** How often to interrupt. */
    interrupts: { type: 'string', default: '50' },
    /** Some of make, bisect, interrupts, per-commit; without, all but the last. */
    only: { type: 'string', multiple: true, default: ['make', 'bisect', 'interrupts'] },
    /** Makes the history anew. */
    again: { type: 'boolean', default: false },
    /** Leaves what was built where it is, so that no run is cold. */
    warm: { type: 'boolean', default: false },
    work: { type: 'string', default: join(homedir(), '.cache/kabi-gate/history') },
    cli: { type: 'string', default: resolve(import.meta.dirname, '../../dist/cli.js') },
  },
})
const { from, to, seed, only } = options
if (from === undefined || to === undefined) throw new Error('--from and --to must name kernel source trees')

const size = {
  commits: Number(options.commits),
  breaks: Number(options.breaks),
  repaired: Number(options.repaired),
}
const bench = await openWorkbench(
  {
    ...{ older: resolve(from), newer: resolve(to), seed, size, cli: resolve(options.cli) },
    folder: resolve(options.work, `seed-${seed}`),
  },
  options.again,
)
say(`${size.commits} commits in ${bench.history.repository}, the last ${bench.history.hashes.at(-1) ?? ''}`)
for (const { part, commit, repairedBy } of bench.plan.breaks)
  say(
    `  ${part.type}, ${part.symbols.length} symbols: commit ${commit}` +
      (repairedBy === undefined ? '' : `, taken back by ${repairedBy}`),
  )

const proofs: Proof[] = []
const keep = (proof: Proof): void => {
  proofs.push(proof)
  const { what, seconds, looked, wrong } = proof
  say(`${wrong.length === 0 ? 'right' : 'WRONG'}: ${what}, ${seconds} s, ${looked} commits looked at`)
  for (const one of wrong) say(`    ${one}`)
}
if (only.includes('bisect')) await proveBisect(bench, keep, { cold: !options.warm })
if (only.includes('interrupts'))
  keep(await proveInterrupts(bench, { seed, count: Number(options.interrupts), told: say }))
if (only.includes('per-commit')) keep(await provePerCommit(bench))
if (proofs.some(({ wrong }) => wrong.length > 0)) process.exitCode = 1

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
