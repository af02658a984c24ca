import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { forget, leftBehind, run, stateOf, type Bisection, type Ended, type Interruption } from './product.ts'
import { wrongIn } from './truth.ts'
import type { Workbench } from './workbench.ts'

/** One run that was held against the truth. */
export interface Proof {
  readonly what: string
  readonly seconds: number
  readonly looked: number
  readonly wrong: readonly string[]
}

/** How a bisection ended, and its answer where it gave one, or why not. */
export interface Bisected extends Ended {
  readonly answer: Bisection | undefined
  readonly fault: string
}

/** Lets the bundle bisect the whole history. */
export async function bisect(
  bench: Workbench,
  args: readonly string[] = [],
  interruption?: Interruption,
): Promise<Bisected> {
  const ended = await run(bench, ['bisect', 'good', 'main', '--json', ...args], interruption)
  const { code, signal, stdout, stderr } = ended
  const told = stdout.startsWith('{') ? (JSON.parse(stdout) as Bisection) : undefined
  const why = told?.problems.map(({ message }) => message) ?? [stderr.slice(-1000)]
  // One that was interrupted prints an answer without breaks.
  return {
    ...ended,
    answer: code === 1 ? told : undefined,
    fault: [`exit code ${signal ?? code}`, ...why].join(': '),
  }
}

/** Bisects cold, warm and along first parents; each answer has to be right, and nothing may be left behind. */
export async function proveBisect(
  bench: Workbench,
  told: (proof: Proof) => void,
  { cold }: { readonly cold: boolean },
): Promise<readonly Proof[]> {
  if (cold) rmSync(bench.builds, { recursive: true, force: true })
  const before = stateOf(bench)
  const proofs: Proof[] = []
  const prove = async (what: string, ...args: readonly string[]): Promise<void> => {
    const { answer, seconds, fault } = await bisect(bench, args)
    const wrong = answer ? wrongIn(bench, answer, { firstParent: args.includes('--first-parent') }) : [fault]
    const left = await leftBehind(bench, false)
    const touched = stateOf(bench) === before ? [] : ['the repository is not as it was']
    const proof = { what, seconds, looked: answer?.looked ?? 0, wrong: [...wrong, ...left, ...touched] }
    proofs.push(proof)
    told(proof)
  }
  if (cold) await prove('cold')
  forget(bench)
  rmSync(join(bench.builds, 'released/evidence'), { recursive: true, force: true })
  await prove('built before, no evidence, nothing remembered')
  forget(bench)
  await prove('built before, nothing remembered')
  await prove('the same again')
  await prove('first parents', '--first-parent')
  return proofs
}
