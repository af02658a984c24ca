import { isBasicExpression } from '@actions/workflow-parser'
import { evaluate, holds, literal, text, texts, type Scope, type Status, type Value } from './expressions.ts'
import type { Hub, Run } from './hub.ts'
import { runJob, type JobOrder, type Result } from './job.ts'
import { matrixLegs, type Leg } from './matrix.ts'
import { onlyReading, type Permissions } from './permissions.ts'
import type { CallFile, JobFile } from './workflow-file.ts'
import type { CalledWorkflow, WorkflowSet } from './workflow-set.ts'

/** How a job ended. */
export interface Outcome {
  readonly result: Result
  readonly outputs: Readonly<Record<string, Value>>
  /** It ran in this attempt, and was not taken over from the one before. */
  readonly fresh: boolean
}

/** A workflow within a run: the one that the event started, or one that a job of it calls. */
interface Level {
  readonly workflow: CalledWorkflow
  readonly contexts: Readonly<Record<string, Value>>
  /** What stands before the names of its checks, and of the jobs in the record of the run. */
  readonly prefix: string
  readonly limit: Permissions | undefined
}

/** Runs the jobs of a workflow, each when those that it needs have ended. */
export class RunGraph {
  private readonly hub: Hub
  private readonly run: Run
  private readonly files: WorkflowSet

  constructor(hub: Hub, run: Run, files: WorkflowSet) {
    this.hub = hub
    this.run = run
    this.files = files
  }

  async execute(contexts: Level['contexts']): Promise<Result> {
    const outcomes = await this.level({ workflow: this.files.top, contexts, prefix: '', limit: undefined })
    return sum([...outcomes.values()])
  }

  private async level(level: Level): Promise<ReadonlyMap<string, Outcome>> {
    const { jobs } = level.workflow.file
    const started = new Map<string, Promise<Outcome>>()
    const start = (job: JobFile): Promise<Outcome> => {
      const there = started.get(job.id)
      if (there) return there
      const promise = this.afterNeeds(level, job, start)
      started.set(job.id, promise)
      return promise
    }
    await Promise.all(jobs.map(start))
    return new Map(await Promise.all(jobs.map(async (job) => [job.id, await start(job)] as const)))
  }

  private async afterNeeds(
    level: Level,
    job: JobFile,
    start: (job: JobFile) => Promise<Outcome>,
  ): Promise<Outcome> {
    const { jobs } = level.workflow.file
    const byId = (ids: readonly string[]) => jobs.filter(({ id }) => ids.includes(id))
    const needs = new Map<string, Outcome>()
    for (const need of byId(job.needs)) needs.set(need.id, await start(need))
    // `success()` asks for all that came before, not only for what is named.
    const above = await Promise.all(ancestors(job, jobs).map(start))
    const status = (): Status => ({
      success: !this.run.cancelled && above.every(({ result }) => result === 'success'),
      failure: above.some(({ result }) => result === 'failure'),
      cancelled: this.run.cancelled,
    })
    const contexts = {
      ...level.contexts,
      needs: Object.fromEntries([...needs].map(([id, { result, outputs }]) => [id, { result, outputs }])),
    }
    const wanted = () => holds(job.condition, { contexts, status: status() })
    const again = [...needs.values()].some(({ fresh }) => fresh)
    return this.expanded({ ...level, contexts }, job, { wanted, again })
  }

  private async expanded(level: Level, job: JobFile, { wanted, again }: Wish): Promise<Outcome> {
    const key = `${level.prefix}${job.id}`
    try {
      if (!wanted()) return this.notRun(key, level, job, again)
      const strategy = evaluate(job.part('strategy'), { contexts: level.contexts }) as StrategyValue | null
      const legs = matrixLegs(strategy?.matrix ?? null)
      const failFast = strategy?.['fail-fast'] !== false && legs.length > 1
      const controllers = legs.map(() => new AbortController())
      const outcomes = await Promise.all(
        legs.map(async (leg, index) => {
          const name = legs.length === 1 && strategy === null ? key : `${key} ${JSON.stringify(leg)}`
          const contexts = {
            ...level.contexts,
            matrix: leg,
            strategy: {
              'fail-fast': failFast,
              'job-index': index,
              'job-total': legs.length,
              'max-parallel': legs.length,
            },
          }
          const controller = controllers[index] ?? new AbortController()
          const outcome = await this.leg({ ...level, contexts }, job, {
            key: name,
            leg,
            wanted,
            again,
            controller,
          })
          if (failFast && outcome.result === 'failure') for (const other of controllers) other.abort()
          return outcome
        }),
      )
      return {
        result: sum(outcomes),
        outputs: Object.assign({}, ...outcomes.map(({ outputs }) => outputs)) as Outcome['outputs'],
        fresh: outcomes.some(({ fresh }) => fresh),
      }
    } catch (error) {
      return this.broken(key, level, job, error)
    }
  }

  private notRun(key: string, level: Level, job: JobFile, again: boolean): Outcome {
    const kept = this.run.kept(key)
    if (kept && !again) return kept
    const result = this.run.cancelled ? 'cancelled' : 'skipped'
    this.hub.check(this.run, level.prefix + plainName(job)).conclusion = result
    return this.run.keep(key, { result, outputs: {}, fresh: true })
  }

  private broken(key: string, level: Level, job: JobFile, error: unknown): Outcome {
    this.run.faults.push(error instanceof Error ? error.message : String(error))
    this.hub.check(this.run, level.prefix + plainName(job)).conclusion = 'failure'
    return this.run.keep(key, { result: 'failure', outputs: {}, fresh: true })
  }

  private async leg(level: Level, job: JobFile, leg: LegOrder): Promise<Outcome> {
    const scope: Scope = { contexts: level.contexts }
    const name = level.prefix + legName(job, scope, leg.leg)
    if (job.uses !== undefined) return this.call(level, job, name)
    const kept = this.run.kept(leg.key)
    if (kept && !leg.again) return kept
    const check = this.hub.check(this.run, name)
    const { controller, wanted } = leg
    const stopWatching = this.run.onCancel(() => {
      if (!wanted()) controller.abort()
    })
    try {
      if (text(evaluate(job.part('runs-on'), scope)) === '') throw new Error('runs-on names no runner')
      const done = await this.hub.onMachine(() => {
        if (controller.signal.aborted) return Promise.resolve(undefined)
        this.hub.started(name)
        return runJob(this.order(level, job, controller.signal))
      })
      check.conclusion = done?.result ?? 'cancelled'
      if (done) this.run.logs.set(name, done)
      return this.run.keep(leg.key, {
        result: done?.result ?? 'cancelled',
        outputs: done?.outputs ?? {},
        fresh: true,
      })
    } catch (error) {
      this.run.faults.push(error instanceof Error ? error.message : String(error))
      check.conclusion = 'failure'
      return this.run.keep(leg.key, { result: 'failure', outputs: {}, fresh: true })
    } finally {
      stopWatching()
    }
  }

  private order(level: Level, job: JobFile, signal: AbortSignal): JobOrder {
    const { file, repository, sha, path, ref } = level.workflow
    const asked = job.permissions ?? file.permissions ?? level.limit ?? this.hub.defaultPermissions
    return {
      file: job,
      contexts: level.contexts,
      permissions: this.run.fromFork ? onlyReading(asked) : asked,
      workflow: { repository, sha, path, ref },
      workflowEnv: texts(file.env, { contexts: level.contexts }),
      hub: this.hub,
      run: this.run,
      signal,
    }
  }

  private async call(level: Level, job: JobFile, name: string): Promise<Outcome> {
    const called = this.files.called(job.uses ?? '')
    if (!called.file.call) throw new Error(`${job.uses ?? ''} cannot be called`)
    const { inputs: given, ...rest } = level.contexts
    const scope = { contexts: { inputs: given ?? {}, ...rest } }
    const limit = job.permissions ?? level.workflow.file.permissions ?? level.limit
    const { github, vars, secrets } = level.contexts
    const outcomes = await this.level({
      workflow: called,
      prefix: `${name} / `,
      limit,
      contexts: {
        github: github ?? {},
        vars: vars ?? {},
        inputs: callInputs(called.file.call, job, scope),
        secrets: callSecrets(job, scope, secrets ?? {}),
      },
    })
    const jobs = Object.fromEntries(
      [...outcomes].map(([id, { result, outputs }]) => [id, { result, outputs }]),
    )
    const outputs = Object.fromEntries(
      [...called.file.call.outputs].map(([key, token]) => [
        key,
        evaluate(token, { contexts: { jobs, ...level.contexts } }),
      ]),
    )
    const all = [...outcomes.values()]
    return { result: sum(all), outputs, fresh: all.some(({ fresh }) => fresh) }
  }
}

interface Wish {
  /** Asks the job's condition, as things stand now. */
  readonly wanted: () => boolean
  /** Something that it needs ran again. */
  readonly again: boolean
}

interface LegOrder extends Wish {
  readonly key: string
  readonly leg: Leg
  readonly controller: AbortController
}

interface StrategyValue {
  readonly matrix?: Value
  readonly 'fail-fast'?: boolean
}

function ancestors(job: JobFile, jobs: readonly JobFile[]): JobFile[] {
  const found = new Set<JobFile>()
  const visit = (ids: readonly string[]) => {
    for (const one of jobs.filter(({ id }) => ids.includes(id))) {
      found.add(one)
      visit(one.needs)
    }
  }
  visit(job.needs)
  return [...found]
}

function sum(outcomes: readonly Outcome[]): Result {
  const has = (result: Result) => outcomes.some((one) => one.result === result)
  if (has('failure')) return 'failure'
  if (has('cancelled')) return 'cancelled'
  return outcomes.every(({ result }) => result === 'skipped') ? 'skipped' : 'success'
}

/** The name of a job that did not run, whose matrix nobody knows: as it stands in the file. */
function plainName({ name }: JobFile): string {
  return isBasicExpression(name) ? (name.source ?? name.toString()) : (literal(name) ?? '')
}

function legName(job: JobFile, scope: Scope, leg: Leg): string {
  const name = text(evaluate(job.name, scope))
  const fixed = !isBasicExpression(job.name)
  const values = Object.values(leg)
  return fixed && values.length > 0 ? `${name} (${values.map((value) => text(value)).join(', ')})` : name
}

function callInputs(call: CallFile, job: JobFile, scope: Scope): Value {
  const given = (evaluate(job.part('with'), scope) ?? {}) as Record<string, Value>
  return Object.fromEntries(
    [...call.inputs].map(([name, { type, fallback }]) => {
      const value = name in given ? (given[name] ?? '') : (evaluate(fallback, scope) ?? emptyOf(type))
      if (typeof value !== type)
        throw new Error(`input ${name}: a ${type} was expected, found ${JSON.stringify(value)}`)
      return [name, value]
    }),
  )
}

function emptyOf(type: string): Value {
  return type === 'boolean' ? false : type === 'number' ? 0 : ''
}

function callSecrets(job: JobFile, scope: Scope, own: Value): Value {
  const secrets = job.part('secrets')
  return literal(secrets) === 'inherit' ? own : (evaluate(secrets, scope) ?? {})
}
