import { expect } from 'vitest'
import type { JobDone } from '../workflow-runner/job.ts'
import type { Run } from '../workflow-runner/run.ts'
import { makeWorld, type World, type WorldOptions } from '../workflow-runner/world.ts'

/** What happens to a kernel repository, and which checks branch protection sees after it. */
export interface Story {
  readonly name: string
  readonly world?: Omit<WorldOptions, 'texts'>
  readonly tell: (world: World) => Promise<void>
}

/** Plays a story, with other workflow files if given. */
export async function play(story: Story, texts?: Readonly<Record<string, string>>): Promise<void> {
  const world = await makeWorld({ ...story.world, ...(texts ? { texts } : {}) })
  try {
    await story.tell(world)
  } finally {
    await world.close()
  }
}

export const label = 'kabi: break approved'

/** The checks of `pull-request.yml` with one variant. */
export function checks(verdict: string, collect = 'success', plan = 'success'): Record<string, string> {
  const variant = collect === 'skipped' ? '${{ matrix.variant }}' : 'x86_64'
  return {
    'kabi-gate / plan': plan,
    [`kabi-gate / collect ${variant}`]: collect,
    'kabi-gate / verdict': verdict,
  }
}

/** What a ruleset that requires the check sees on a commit; undefined is a check that is waited for. */
export function required({ hub }: World, sha: string): string | undefined {
  return hub.checksOn(sha)['kabi-gate / verdict']
}

export function only(runs: readonly Run[]): Run {
  expect(runs).toHaveLength(1)
  const [run] = runs
  if (!run) throw new Error('no run')
  return run
}

export function job(run: Run, name: string): JobDone {
  const done = run.logs.get(name)
  if (!done) throw new Error(`no job ${name} in ${[...run.logs.keys()].join(', ')}`)
  return done
}

export function ran(run: Run): string[] {
  return [...run.logs.keys()].sort()
}

/** What went wrong or was warned of, in all jobs of a run. */
export function complaints(run: Run): string[] {
  return [
    ...run.faults,
    ...[...run.logs.values()].flatMap(({ annotations }) =>
      annotations.flatMap(({ level, message }) => (level === 'notice' ? [] : [message])),
    ),
  ]
}
