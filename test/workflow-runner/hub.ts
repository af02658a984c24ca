import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ArtifactStore } from './artifacts.ts'
import type { Cache } from './caches.ts'
import { Clock } from './clock.ts'
import { ConcurrencyGroups } from './concurrency.ts'
import { evaluate, text, type Value } from './expressions.ts'
import type { GitHost } from './git-host.ts'
import { githubContext } from './github-context.ts'
import { allows, defaultPermissions, type Permissions } from './permissions.ts'
import { Run, type Trigger } from './run.ts'
import { RunGraph } from './run-graph.ts'
import { dispatchInputs, starts, type Happening } from './triggers.ts'
import { InvalidWorkflow } from './workflow-file.ts'
import { readWorkflowSet, type WorkflowSet } from './workflow-set.ts'

export type { Run } from './run.ts'

/** What stands on a commit under a name; without a conclusion as long as nobody knows. */
export interface Check {
  readonly id: number
  readonly name: string
  readonly sha: string
  readonly run: number
  conclusion: string | undefined
}

export interface HubOptions {
  readonly folder: string
  readonly git: GitHost
  /** A folder of programs that every machine has, before those of this one. */
  readonly image: string
  /** Repositories that any token may read. */
  readonly open: readonly string[]
  /** A server without it does not say which commit a workflow file is of. */
  readonly hasWorkflowSha: boolean
  /** How many jobs run at once. */
  readonly machines: number
}

/** The files that a run is of, and what was filled into its form. */
interface Work {
  readonly files: WorkflowSet
  readonly inputs: Readonly<Record<string, Value>>
}

/** Runs workflows as GitHub does: events start them, their jobs leave checks, artifacts and outputs. */
export class Hub {
  readonly folder: string
  readonly git: GitHost
  readonly image: string
  readonly clock = new Clock()
  readonly artifacts: ArtifactStore
  readonly server: { readonly hasWorkflowSha: boolean }
  readonly defaultPermissions = defaultPermissions
  readonly runs: Run[] = []
  readonly checks: Check[] = []
  /** What was kept for later runs, the oldest first. */
  readonly caches: Cache[] = []
  /** What was checked out, whole or names alone, by the numbers of runs. */
  readonly fetched: { readonly run: number; readonly repository: string; readonly whole: boolean }[] = []
  /** Folders that checkouts made, to be copied. */
  readonly checkouts = new Map<string, string>()
  /** Where its API listens. */
  url = ''
  readonly protectedBranches = new Set<string>()
  private readonly open: ReadonlySet<string>
  private readonly tokens = new Map<
    string,
    { readonly repository: string; readonly permissions: Permissions }
  >()
  private readonly works = new Map<Run, Work>()
  private readonly groups = new ConcurrencyGroups()
  private readonly busy = new Set<Promise<void>>()
  private readonly waiting: (() => void)[] = []
  private readonly startWatchers = new Set<(name: string) => void>()
  private machines: number
  private issued = 0

  constructor({ folder, git, image, open, hasWorkflowSha, machines }: HubOptions) {
    this.machines = machines
    this.folder = folder
    this.git = git
    this.image = image
    this.open = new Set(open)
    this.server = { hasWorkflowSha }
    mkdirSync(folder, { recursive: true })
    this.artifacts = new ArtifactStore(join(folder, 'artifacts'))
  }

  /** Lets an event start the workflows that the commit has for it. */
  async happen(
    repository: string,
    happening: Happening,
    trigger: Trigger,
    { only, inputs }: { readonly only?: string; readonly inputs?: Readonly<Record<string, Value>> } = {},
  ): Promise<Run[]> {
    this.clock.advance(1)
    const started: Run[] = []
    for (const [path, blob] of await this.git.list(repository, trigger.sha, '.github/workflows')) {
      if (only !== undefined && path !== only) continue
      const place = { repository, sha: trigger.sha, path, ref: trigger.ref }
      const content = (await this.git.read(repository, blob)) ?? ''
      const files = await readWorkflowSet(this.git, place, content).catch((error: unknown) => {
        if (error instanceof InvalidWorkflow) return error
        throw error
      })
      if (!(files instanceof InvalidWorkflow) && !starts(files.top.file.events, happening)) continue
      const run = new Run(1_000 + this.runs.length, path, repository, trigger)
      this.runs.push(run)
      started.push(run)
      if (files instanceof InvalidWorkflow) {
        run.faults.push(files.message)
        run.conclusion = 'startup_failure'
        continue
      }
      const work = { files, inputs: dispatchInputs(files.top.file.events, inputs ?? {}) }
      this.works.set(run, work)
      this.launch(run, work)
    }
    return started
  }

  /** Starts an attempt at a run again, at all of it or at what failed. It is of the same files and the same event. */
  rerun(run: Run, which: 'all' | 'failed', by: string): void {
    const work = this.works.get(run)
    if (run.conclusion === undefined || !work) throw new Error(`run ${run.id} cannot be started again`)
    this.clock.advance(1)
    run.again(which, by)
    this.launch(run, work)
  }

  /** Waits until every run has ended. */
  async settle(): Promise<void> {
    while (this.busy.size > 0) await Promise.all(this.busy)
  }

  isBusy(): boolean {
    return this.busy.size > 0
  }

  /** The checks on a commit as branch protection sees them: the newest of each name. */
  checksOn(sha: string): Record<string, string> {
    return Object.fromEntries(
      this.checks
        .filter((check) => check.sha === sha)
        .map(({ name, conclusion }) => [name, conclusion ?? 'pending']),
    )
  }

  check(run: Run, name: string): Check {
    const check: Check = {
      id: this.checks.length + 1,
      name,
      sha: run.head,
      run: run.id,
      conclusion: undefined,
    }
    this.checks.push(check)
    return check
  }

  issueToken(repository: string, permissions: Permissions): string {
    const token = `ghs_${String(++this.issued).padStart(36, '0')}`
    this.tokens.set(token, { repository, permissions })
    return token
  }

  revokeToken(token: string): void {
    this.tokens.delete(token)
  }

  knows(token: string): boolean {
    return this.tokens.has(token)
  }

  may(token: string, scope: string, level: 'read' | 'write'): boolean {
    const known = this.tokens.get(token)
    return known !== undefined && allows(known.permissions, scope, level)
  }

  /** @throws as the API refuses */
  mustAllow(token: string, scope: string, level: 'read' | 'write'): void {
    if (!this.knows(token)) throw new Error('401 Bad credentials')
    if (!this.may(token, scope, level))
      throw new Error(`403 Resource not accessible by integration (${scope}: ${level})`)
  }

  /** @throws where a token may not fetch from a repository */
  mustRead(token: string, repository: string): void {
    if (this.open.has(repository)) return
    if (this.tokens.get(token)?.repository !== repository || !this.may(token, 'contents', 'read'))
      throw new Error(`remote: Repository not found: ${repository}`)
  }

  /** Runs something when a machine is free. */
  async onMachine<T>(work: () => Promise<T>): Promise<T> {
    if (this.machines === 0) await new Promise<void>((free) => this.waiting.push(free))
    else this.machines -= 1
    try {
      return await work()
    } finally {
      const next = this.waiting.shift()
      if (next) next()
      else this.machines += 1
    }
  }

  /** Called when the steps of a job begin. */
  started(name: string): void {
    for (const watcher of this.startWatchers) watcher(name)
  }

  /** Waits for a job to begin. */
  begins(name: string): Promise<void> {
    return new Promise((settle) => {
      const watcher = (one: string) => {
        if (one !== name) return
        this.startWatchers.delete(watcher)
        settle()
      }
      this.startWatchers.add(watcher)
    })
  }

  private launch(run: Run, work: Work): void {
    const done = this.attempt(run, work).finally(() => this.busy.delete(done))
    this.busy.add(done)
  }

  private async attempt(run: Run, { files, inputs }: Work): Promise<void> {
    const contexts = { github: githubContext(this, run, files.top.file.name), inputs, vars: {}, secrets: {} }
    const asked = evaluate(files.top.file.concurrency, { contexts })
    const wish =
      typeof asked === 'object'
        ? (asked as { readonly group?: Value; readonly 'cancel-in-progress'?: Value } | null)
        : { group: asked }
    const group = text(wish?.group ?? null)
    if (!(await this.groups.enter(group, run, wish?.['cancel-in-progress'] === true))) {
      // It never began, so it leaves no check.
      run.conclusion = 'cancelled'
      return
    }
    try {
      const result = await new RunGraph(this, run, files).execute(contexts)
      run.conclusion = run.cancelled ? 'cancelled' : result
    } catch (error) {
      run.faults.push(error instanceof Error ? error.message : String(error))
      run.conclusion = 'failure'
      throw error
    } finally {
      this.groups.leave(group, run)
    }
  }
}
