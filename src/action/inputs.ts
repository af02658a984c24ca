import { getInput, warning } from '@actions/core'
import type { Strategy } from '../abi/evidence.ts'
import { isError, type Problem, type Read } from '../problem/problem.ts'
import { acceptOverride } from '../judge/override.ts'
import type { LabelPolicy } from '../judge/label.ts'
import type { Override } from '../judge/verdict.ts'
import { knownInput } from '../config/other-names.ts'
import type { Asked } from '../cli/find-breaks.ts'
import { bisectionFrom } from './bisect-inputs.ts'
import { commentKey, commentModes, type CommentMode } from './plan-comment.ts'

const commands = ['check', 'plan', 'collect', 'judge', 'bisect'] as const
const strategies: readonly Strategy[] = ['exports', 'full', 'prebuilt']

/** The names of action.yml. */
export const inputNames = [
  'command',
  'config',
  'source',
  'variant',
  'strategy',
  'symvers',
  'work-dir',
  'jobs',
  'disable-kabi-check',
  'disable-reason',
  'report-dir',
  'github-token',
  'comment',
  'comment-key',
  'suggestions',
  'override-label',
  'override-roles',
  'evidence',
  'expect-commit',
  'baseline-ref',
  'blame',
  'reuse-evidence',
  'evidence-workflow',
  'earlier-run',
  'earlier-evidence',
  'good',
  'bad',
  'symbol',
  'type',
  'first-parent',
] as const

/** The action's inputs, read and checked; absent ones are `undefined` or empty. */
export interface Inputs {
  readonly command: (typeof commands)[number]
  readonly config: string | undefined
  readonly source: string | undefined
  readonly variants: readonly string[]
  readonly strategy: Strategy | undefined
  readonly symvers: readonly string[]
  readonly workDir: string | undefined
  readonly jobs: number | undefined
  readonly override: Override | undefined
  readonly reportDir: string | undefined
  /** Empty where none was given, and always for `collect` and `bisect`: then nothing is asked of the forge. */
  readonly token: string
  readonly comment: CommentMode
  readonly commentKey: string
  /** Whether lines to write are suggested at the lines of the pull request. */
  readonly suggestions: boolean
  /** Absent: no label excuses a break. */
  readonly label: LabelPolicy | undefined
  /** Those who may excuse a break, by label or by flag. */
  readonly roles: readonly string[]
  readonly evidence: string
  readonly expectCommit: string | undefined
  /** Absent: what the event says. `none`: the work tree is trusted. */
  readonly baselineRef: string | undefined
  /** What `check` holds findings against; absent: it does not say where they come from. */
  readonly against: { readonly ref: string | undefined } | undefined
  /** Whether `plan` looks for an earlier run whose evidence can be judged again. */
  readonly reuseEvidence: boolean
  /** The workflow file whose runs leave evidence that may hold for what is judged; absent: none does. */
  readonly evidenceWorkflow: string | undefined
  /** The run whose evidence of an earlier commit is in the folder `earlierEvidence`. */
  readonly earlierRun: number | undefined
  readonly earlierEvidence: string
  /** Only for `bisect`. */
  readonly bisection: Asked | undefined
}

/**
 * Reads the inputs from the runner's environment. A value that cannot be used is a `usage` problem that names the
 * input and the value; nothing is guessed.
 * @param actor who started the workflow
 */
export function readInputs(actor: string): Read<Inputs> {
  const reader = inputReader()
  const { text, choice, matching, refuse, problems } = reader
  const jobs = matching('jobs', /^([1-9]\d{0,3})?$/, 'a whole number above zero')
  const commit = matching(
    'expect-commit',
    /^(?:[0-9a-f]{40}|[0-9a-f]{64})?$/,
    'the whole name of a commit, 40 hexadecimal digits',
  )
  const override = acceptOverride({
    disable: choice('disable-kabi-check', ['true', 'false']) === 'true',
    reason: text('disable-reason'),
    by: actor,
  })
  const command = choice('command', commands) ?? 'check'
  const roles = rolesFrom(text('override-roles'), refuse)
  const label = text('override-label')
  const inputs: Inputs = {
    command,
    config: text('config') || undefined,
    source: text('source') || undefined,
    variants: list(text('variant'), /[,\n]/),
    strategy: choice('strategy', strategies),
    symvers: list(text('symvers'), /\n/),
    workDir: text('work-dir') || undefined,
    jobs: jobs === '' ? undefined : Number(jobs),
    override: override.value,
    reportDir: text('report-dir') || undefined,
    // These run code of commits and say nothing to anybody.
    token: command === 'collect' || command === 'bisect' ? '' : text('github-token'),
    comment: choice('comment', commentModes) ?? 'on-change',
    commentKey: commentKey(text('comment-key') || text('config')),
    suggestions: choice('suggestions', ['true', 'false']) === 'true',
    label: label === '' ? undefined : { label, roles },
    roles,
    evidence: text('evidence') || 'evidence',
    expectCommit: commit || undefined,
    baselineRef: text('baseline-ref') || undefined,
    against: againstFrom(text('blame'), command, refuse),
    reuseEvidence: choice('reuse-evidence', ['true', 'false']) === 'true',
    ...earlierFrom(reader, commit),
    bisection: bisectionFrom(reader, command),
  }
  if (inputs.command === 'judge') {
    for (const name of ['variant', 'symvers'] as const) {
      if (text(name) !== '')
        refuse(name, text(name), 'nothing, as judge takes every variant of the plan from its evidence')
    }
  }
  // A job that builds must not hold a token, and one that decides holds one anyhow.
  if (inputs.suggestions && inputs.command !== 'judge')
    refuse('suggestions', 'true', 'nothing or false, as only judge makes suggestions')
  return { value: inputs, problems: [...problems, ...override.problems.filter(isError)] }
}

/** What is said of evidence of an earlier commit. */
function earlierFrom(
  { text, matching, refuse }: InputReader,
  commit: string,
): Pick<Inputs, 'evidenceWorkflow' | 'earlierRun' | 'earlierEvidence'> {
  const workflow = matching(
    'evidence-workflow',
    /^(?:[\w][\w.-]*\.ya?ml)?$/,
    'the name of a workflow file, without a folder',
  )
  const run = matching('earlier-run', /^(?:[1-9]\d{0,14})?$/, 'the number of a workflow run')
  if (run !== '' && commit === '')
    refuse('expect-commit', '', 'the commit that the evidence of earlier-run has to hold for')
  return {
    evidenceWorkflow: workflow || undefined,
    earlierRun: run === '' ? undefined : Number(run),
    earlierEvidence: text('earlier-evidence') || 'earlier-evidence',
  }
}

/** A job that judges the evidence of others has none of the base. */
function againstFrom(blame: string, command: Inputs['command'], refuse: Refuse): Inputs['against'] {
  if (blame === '' || blame === 'false') return undefined
  if (command !== 'check') refuse('blame', blame, 'nothing or false, as only check looks at a base')
  return { ref: blame === 'true' ? undefined : blame }
}

export type InputName = (typeof inputNames)[number]
type Refuse = (name: string, found: string, expected: string) => void

export type InputReader = ReturnType<typeof inputReader>

/** Reads inputs one by one; those that cannot be used become problems. */
function inputReader() {
  const problems: Problem[] = []
  const refuse: Refuse = (name, found, expected) => {
    problems.push({
      kind: 'usage',
      message: `input ${name}: expected ${expected}, found ${JSON.stringify(found)}`,
      advice: 'Correct the input in the workflow file; action.yml describes each.',
    })
  }
  const text = (name: InputName) => {
    const { value, note } = knownInput(name, getInput)
    if (note !== undefined) warning(note)
    return value
  }
  const choice = <T extends string>(name: InputName, values: readonly T[]): T | undefined => {
    const found = text(name)
    const value = values.find((one) => one === found)
    if (found !== '' && value === undefined) refuse(name, found, values.join(' or '))
    return value
  }
  const matching = (name: InputName, form: RegExp, expected: string): string => {
    const found = text(name)
    if (!form.test(found)) refuse(name, found, expected)
    return found
  }
  return { text, choice, matching, refuse, problems }
}

const defaultRoles = ['maintain', 'admin']

/** Roles that may not even write cannot approve; names of custom roles are not known here. */
const lowRoles = ['read', 'triage', 'none']

function rolesFrom(roles: string, refuse: Refuse): readonly string[] {
  const named = list(roles, /[,\n]/)
  const low = named.find((role) => lowRoles.includes(role.toLowerCase()))
  if (low !== undefined) refuse('override-roles', low, 'roles that may at least write')
  return named.length === 0 ? defaultRoles : named
}

function list(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
