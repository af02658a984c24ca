import { describe, expect, it } from 'vitest'
import { workflowTexts } from '../workflow-runner/world.ts'
import { stories } from './all.ts'
import { faultsOf, type Fault } from './faults.ts'
import { play } from './story.ts'

/** Which stories to try for a fault, the most likely first: the first pattern that its name matches. */
const candidates: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /^(?!bisect).*(earlier|Leave the evidence|sparse-checkout|evidence-workflow|Plan what is left|outputs.matrix)/,
    ['taken', 'collected', 'clean'],
  ],
  [/earlier runs computed|what was computed/, ['collected', 'clean']],
  [/^release-branch.yml .*nightly-evidence/, ['nightly', 'push']],
  [/^release-branch.yml .*kabi-evidence/, ['push', 'nightly']],
  [
    /^bisect.yml .*(pattern|merge-multiple|attempt|seen|overwrite|work-dir|line)/,
    ['bisectionAgain', 'bisection'],
  ],
  [/^bisect.yml/, ['bisection']],
  [/^override.yml/, ['byHand']],
  [/^release-branch.yml .*nightly|schedule/, ['nightly', 'push']],
  [/^release-branch.yml/, ['push', 'nightly']],
  [/^pull-request.yml .*merge_group/, ['queue']],
  [/^pull-request.yml .*(cancel-in-progress|group)/, ['pushWhileBuilding']],
  [/^pull-request.yml .*type edited/, ['retarget']],
  [/^pull-request.yml .*type reopened/, ['reopened']],
  [/^pull-request.yml/, ['clean', 'labels']],
  [/Judge.with.suggestions/, ['suggestions']],
  [/config dropped|packages|PACKAGES|comment|override-roles/, ['ownInputs', 'clean']],
  [/override-label|reuse-evidence|evidence-run|run-id|actions dropped/, ['labels', 'clean']],
  [/baseline-ref/, ['byHand']],
  [/record.if dropped/, ['cancelled']],
  [/disable-|judge\.outputs/, ['byHand', 'labels']],
  [/strategy dropped/, ['nightly', 'byHand']],
  [/collect.*persist-credentials|Judge.with.command/, ['nosyBuild']],
  [/fail-fast/, ['oneVariantBreaks']],
  [/overwrite/, ['againAfterTrouble']],
  [/if-no-files-found|Hand over the evidence.if|line \d+: if/, ['oneVariantBreaks', 'noPlan', 'cancelled']],
  [/judge\.(if|needs)/, ['noPlan', 'clean']],
  [/repository|Check out kabi-gate.with.ref/, ['clean', 'noWorkflowSha']],
  [
    /base.if|commit.with.ref|base dropped|base renamed|commit dropped|commit renamed/,
    ['push', 'nightly', 'repair'],
  ],
  [/pull-requests dropped/, ['repair']],
]

/** Faults that no check shows, and why none has to. */
const harmless: readonly (readonly [RegExp, string])[] = [
  [/(plan|judge).*persist-credentials/, 'the job runs nothing of the patch that could read them'],
  [
    /(bisect|override|release-branch).yml concurrency.cancel-in-progress/,
    'false is what GitHub takes anyway',
  ],
  [/bisect.yml .*with.pattern/, 'what else the run has kept lands beside it, and nobody reads it'],
  [/kabi-nightly(-evidence)?.strategy.fail-fast/, 'with one branch there are no others'],
  [/kabi-release.with.reuse-evidence|kabi-evidence.with( |.reuse-evidence)/, 'a commit is pushed once'],
  [
    /(Check out the commit of|Fetch the) earlier evidence.if/,
    'without any, the commit is fetched again, and nothing has the name',
  ],
  [
    /Leave the evidence.*retention-days/,
    'it is kept as long as the repository says, and holds as long as that is proven',
  ],
  [/earlier runs computed.if/, 'results that nobody asks for are fetched for nothing'],
  [/Plan what is left.if/, 'without earlier evidence it plans the same again'],
  [
    /Plan what is left.with.(config|strategy|baseline-ref)/,
    'what it finds otherwise is collected for nothing, or refused by who judges; events name the same base',
  ],
  [
    /Plan.with.strategy/,
    'the plan names variants and runners; how they are collected is told to those who do it',
  ],
  [/Plan.with.expect-commit/, 'no caller names a commit and reuses evidence'],
  [/Judge.with.expect-commit/, 'only evidence with the name of the commit was fetched'],
  [/(collect|judge).*base.if/, 'without a base the commit is checked out twice'],
  [
    /if-no-files-found/,
    'a variant without evidence has failed already; for the report `warn` is what the action does anyway',
  ],
]

/** Every so many faults one is tried; all of them where nobody says. */
const step = Number(process.env['KABI_FAULT_STEP'] ?? 1)

/** Puts every fault of one of the two halves into the workflows: each turns at least one story red. */
export function testFaults(half: 0 | 1): void {
  const texts = workflowTexts()
  const faults = Object.entries(texts)
    .flatMap(([file, text]) => faultsOf(file, text))
    .filter((_, index) => index % (2 * step) === half * step)
  describe('a fault in a workflow', () => {
    it.each(faults.map((fault) => [titleOf(fault), fault] as const))('%s', async (title, fault) => {
      const reason = harmless.find(([pattern]) => pattern.test(title))?.[1]
      if (reason !== undefined) return
      expect(await firstRed(title, { ...texts, [fault.file]: fault.text })).not.toBe('')
    })
  })
}

function titleOf({ file, name }: Fault): string {
  return `${file.split('/').at(-1) ?? ''} ${name}`
}

/** The name of the first story that the texts turn red; empty when there is none. */
async function firstRed(title: string, texts: Readonly<Record<string, string>>): Promise<string> {
  const names = candidates.find(([pattern]) => pattern.test(title))?.[1] ?? [
    'clean',
    'labels',
    'push',
    'nightly',
  ]
  for (const name of names) {
    const story = stories.get(name)
    if (!story) throw new Error(`no story ${name}`)
    try {
      await play(story, texts)
    } catch {
      return name
    }
  }
  return ''
}
