import type { Outcome } from './run-graph.ts'
import type { JobDone } from './job.ts'

/** What started a run. */
export interface Trigger {
  readonly event: string
  readonly payload: object
  /** The commit that the workflow file is of, and that `github.sha` names. */
  readonly sha: string
  /** The commit that checks stand on. */
  readonly head: string
  readonly ref: string
  readonly headRef?: string
  readonly baseRef?: string
  readonly actor: string
  readonly fromFork?: boolean
}

/** One run of a workflow, with all attempts at it. */
export class Run {
  readonly id: number
  readonly path: string
  readonly repository: string
  readonly trigger: Trigger
  attempt = 1
  /** Who started the attempt. */
  by: string
  cancelled = false
  /** Undefined as long as it runs or waits. */
  conclusion: string | undefined
  /** What kept it, or jobs of it, from starting. */
  readonly faults: string[] = []
  /** What became of the jobs, by the names of their checks. */
  readonly logs = new Map<string, JobDone>()
  private onlyFailed = false
  private outcomes = new Map<string, Outcome>()
  private earlier: ReadonlyMap<string, Outcome> = new Map()
  private readonly watchers = new Set<() => void>()

  constructor(id: number, path: string, repository: string, trigger: Trigger) {
    this.id = id
    this.path = path
    this.repository = repository
    this.trigger = trigger
    this.by = trigger.actor
  }

  get sha(): string {
    return this.trigger.sha
  }

  get head(): string {
    return this.trigger.head
  }

  get payload(): object {
    return this.trigger.payload
  }

  get fromFork(): boolean {
    return this.trigger.fromFork ?? false
  }

  cancel(): void {
    this.cancelled = true
    for (const watcher of this.watchers) watcher()
  }

  /** @returns what ends the watching */
  onCancel(watcher: () => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /** Begins the next attempt, at all jobs or at those that failed and what needs them. */
  again(which: 'all' | 'failed', by: string): void {
    this.attempt += 1
    this.by = by
    this.cancelled = false
    this.conclusion = undefined
    this.onlyFailed = which === 'failed'
    this.earlier = this.outcomes
    this.outcomes = new Map()
  }

  /** What an earlier attempt made of a job that need not run again. */
  kept(key: string): Outcome | undefined {
    const before = this.onlyFailed ? this.earlier.get(key) : undefined
    if (before?.result !== 'success' && before?.result !== 'skipped') return undefined
    return this.keep(key, { ...before, fresh: false })
  }

  keep(key: string, outcome: Outcome): Outcome {
    this.outcomes.set(key, outcome)
    return outcome
  }
}
