import { randomFrom } from '../mutate/random.ts'
import { bisect, type Bisected, type Proof } from './bisect.ts'
import { forget, leftBehind, stateOf, type Interruption } from './product.ts'
import { wrongIn } from './truth.ts'
import type { Workbench } from './workbench.ts'

/** How a process ends that was told to. */
const codes = { SIGINT: 130, SIGTERM: 143, SIGKILL: null } as const

const signals = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const

/** How often to interrupt, at which times, and who hears of it. */
interface Interrupts {
  readonly seed: string
  readonly count: number
  readonly told: (line: string) => void
}

/**
 * Interrupts a bisection at times that the seed chooses, and starts it again until it ends; then from the beginning, until there were
 * enough. Each answer has to be right, all answers the same, and nothing may be left behind.
 */
export async function proveInterrupts(bench: Workbench, { seed, count, told }: Interrupts): Promise<Proof> {
  const random = randomFrom(`interrupts ${seed}`)
  forget(bench)
  const undisturbed = await bisect(bench)
  const longest = Math.round(undisturbed.seconds * 1000)
  const before = stateOf(bench)
  const wrong: string[] = [...judged(bench, undisturbed)]
  const answers = new Set([textOf(undisturbed)])
  told(`undisturbed: ${undisturbed.seconds} s`)
  let [done, ended] = [0, 1]
  forget(bench)
  while (done < count) {
    const interruption: Interruption = {
      signal: random.pick(signals),
      group: random.below(2) === 0,
      // Mostly early, so that one walk is interrupted many times.
      after: random.below(random.below(4) === 0 ? longest : Math.round(longest / 5)),
    }
    const one = await bisect(bench, [], interruption)
    const { signal, after, group } = interruption
    const faults: string[] = []
    if (one.answer) {
      ended++
      answers.add(textOf(one))
      faults.push(...judged(bench, one), ...(await leftBehind(bench, false)))
      forget(bench)
    } else {
      done++
      if (one.code !== codes[signal]) faults.push(one.fault)
      faults.push(...(await leftBehind(bench, signal === 'SIGKILL')))
    }
    if (stateOf(bench) !== before) faults.push('the repository is not as it was')
    const what = one.answer ? 'ended before' : 'interrupted by'
    told(`${done}/${count} ${what} ${signal}${group ? ' to the group' : ''} after ${after} ms`)
    for (const fault of faults) wrong.push(`${signal} after ${after} ms: ${fault}`)
  }
  const last = await bisect(bench)
  wrong.push(...judged(bench, last), ...(await leftBehind(bench, false)))
  answers.add(textOf(last))
  if (answers.size > 1) wrong.push(`${answers.size} different answers`)
  return {
    what: `${done} interruptions, ${ended + 1} answers`,
    seconds: last.seconds,
    looked: last.answer?.looked ?? 0,
    wrong,
  }
}

function judged(bench: Workbench, { answer, fault }: Bisected): readonly string[] {
  return answer ? wrongIn(bench, answer) : [fault]
}

/** What an answer says of breaks and commits; how many commits one run looked at is its own matter. */
function textOf({ answer }: Bisected): string {
  return JSON.stringify([answer?.breaks, answer?.skipped])
}
