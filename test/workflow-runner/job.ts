import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { nodes } from '../e2e/run-bundle.ts'
import { checkout } from './checkout.ts'
import { makeCommandFiles, mostSummary, readPairs, type CommandFiles } from './command-files.ts'
import { readCommands, type Annotation } from './commands.ts'
import { evaluate, holds, literal, text, texts, type Scope, type Value } from './expressions.ts'
import type { Hub, Run } from './hub.ts'
import type { Permissions } from './permissions.ts'
import type { StandIn, Machine } from './stand-in.ts'
import { standIns } from './stand-ins.ts'
import { runProgram } from './step-process.ts'
import type { JobFile, StepFile } from './workflow-file.ts'

export type Result = 'success' | 'failure' | 'cancelled' | 'skipped'

/** One job that is to run, with all that its expressions can see. */
export interface JobOrder {
  readonly file: JobFile
  readonly contexts: Readonly<Record<string, Value>>
  readonly permissions: Permissions
  /** Which file the job is of, for the context `job`. */
  readonly workflow: {
    readonly repository: string
    readonly sha: string
    readonly path: string
    readonly ref: string
  }
  readonly workflowEnv: Readonly<Record<string, string>>
  readonly hub: Hub
  readonly run: Run
  readonly signal: AbortSignal
}

export interface JobDone {
  readonly result: Result
  readonly outputs: Readonly<Record<string, string>>
  readonly annotations: readonly Annotation[]
  readonly summary: string
  readonly log: string
  readonly steps: readonly { readonly name: string; readonly outcome: Result }[]
}

/** Runs the steps of a job one after the other on a machine of its own. */
export async function runJob(order: JobOrder): Promise<JobDone> {
  const folder = mkdtempSync(join(order.hub.folder, 'machine-'))
  const token = order.hub.issueToken(order.run.repository, order.permissions)
  const job = new Job(order, folder, token)
  try {
    return await job.run()
  } finally {
    order.hub.revokeToken(token)
    rmSync(folder, { recursive: true, force: true })
  }
}

interface StepDone {
  readonly outcome: Result
  readonly conclusion: Result
  readonly outputs: Readonly<Record<string, string>>
}

class Job {
  private readonly order: JobOrder
  private readonly machine: Machine
  private readonly token: string
  private readonly home: string
  private status: 'success' | 'failure' | 'cancelled' = 'success'
  private readonly steps: Record<string, StepDone> = {}
  private readonly named: { readonly name: string; readonly outcome: Result }[] = []
  private readonly annotations: Annotation[] = []
  private readonly masks: string[]
  private readonly env: Record<string, string>
  private readonly path: string[] = []
  private current = new AbortController()
  private summary = ''
  private log = ''

  constructor(order: JobOrder, folder: string, token: string) {
    this.order = order
    this.token = token
    const [, name = 'work'] = order.run.repository.split('/')
    this.machine = {
      workspace: join(folder, 'work', name, name),
      temp: join(folder, 'work', '_temp'),
      checkedOut: new Map(),
    }
    this.home = join(folder, 'home')
    for (const path of [this.machine.workspace, this.machine.temp, this.home])
      mkdirSync(path, { recursive: true })
    this.masks = [token]
    this.env = { ...order.workflowEnv }
  }

  async run(): Promise<JobDone> {
    const { file, hub, signal } = this.order
    const cancel = () => {
      this.status = 'cancelled'
      this.current.abort()
    }
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    let inTime: () => unknown = () => undefined
    try {
      const minutes = evaluate(file.part('timeout-minutes'), this.scope()) ?? 360
      if (typeof minutes !== 'number' || minutes <= 0)
        throw new Error(`timeout-minutes: no number: ${JSON.stringify(minutes)}`)
      inTime = hub.clock.after(minutes, cancel)
      Object.assign(this.env, texts(file.part('env'), this.scope()))
      for (const step of file.steps) await this.prepareAction(step)
      for (const [index, step] of file.steps.entries()) await this.step(step, index)
    } catch (error) {
      this.fail(error)
      this.status = 'failure'
    } finally {
      inTime()
      signal.removeEventListener('abort', cancel)
    }
    return {
      result: this.status,
      outputs: this.outputs(),
      annotations: this.annotations,
      summary: this.summary,
      log: this.masked(this.log),
      steps: this.named,
    }
  }

  private outputs(): Record<string, string> {
    const all = texts(this.order.file.part('outputs'), this.scope())
    // What holds a secret is not handed to other jobs.
    return Object.fromEntries(
      Object.entries(all).filter(([, value]) => !this.masks.some((mask) => value.includes(mask))),
    )
  }

  private async step(step: StepFile, index: number): Promise<void> {
    const name = text(evaluate(step.part('name') ?? step.part('uses') ?? step.part('run'), this.scope()))
    let done: { outcome: Result; outputs: Record<string, string> }
    this.current = new AbortController()
    try {
      done = holds(step.condition, this.scope())
        ? await this.perform(step, index)
        : { outcome: 'skipped', outputs: {} }
    } catch (error) {
      this.fail(error)
      done = { outcome: 'failure', outputs: {} }
    }
    const forgiven =
      done.outcome === 'failure' && evaluate(step.part('continue-on-error'), this.scope()) === true
    const conclusion = forgiven ? 'success' : done.outcome
    this.steps[step.id] = { ...done, conclusion }
    this.named.push({ name, outcome: done.outcome })
    if (conclusion === 'failure' && this.status === 'success') this.status = 'failure'
  }

  private async perform(
    step: StepFile,
    index: number,
  ): Promise<{ outcome: Result; outputs: Record<string, string> }> {
    const env = { ...this.env, ...texts(step.part('env'), this.scope()) }
    const inputs = texts(step.part('with'), this.scope({ env }))
    const standIn = standInOf(step)
    if (standIn !== checkout) this.machine.checkedOut.clear()
    if (standIn) {
      const outputs = await standIn.run({
        ...this.standInCall(),
        inputs: this.filled(inputs, standIn.inputs),
      })
      return {
        outcome: this.status === 'cancelled' && this.current.signal.aborted ? 'cancelled' : 'success',
        outputs,
      }
    }
    const files = makeCommandFiles(this.machine.temp, index)
    const uses = literal(step.part('uses'))
    const program =
      uses === undefined ? this.script(step, index) : this.javaScript(this.actionFolder(uses), inputs)
    const folder = text(evaluate(step.part('working-directory'), this.scope({ env })))
    const { code, output } = await runProgram(program.command, {
      cwd: resolve(this.machine.workspace, folder),
      env: { ...this.variables(), ...env, ...files, ...program.env },
      signal: this.current.signal,
    })
    this.listen(output, files)
    const outputs = Object.fromEntries(readPairs(files.GITHUB_OUTPUT))
    if (this.current.signal.aborted) return { outcome: 'cancelled', outputs }
    if (code !== 0) this.log += `\nProcess completed with exit code ${code ?? 'none'}.\n`
    return { outcome: code === 0 ? 'success' : 'failure', outputs }
  }

  private standInCall() {
    const { hub, run } = this.order
    const warn = (message: string) => void this.annotations.push({ level: 'warning', message })
    return { machine: this.machine, hub, run, token: this.token, warn }
  }

  /** The inputs that an action has, given or by default. GitHub warns of others, and goes on. */
  private filled(
    given: Record<string, string>,
    known: Readonly<Record<string, string>>,
  ): Record<string, string> {
    for (const name of Object.keys(given).filter((one) => !(one in known)))
      this.annotations.push({ level: 'warning', message: `Unexpected input(s) '${name}'` })
    return { ...known, ...given }
  }

  private script(step: StepFile, index: number): Program {
    const path = join(this.machine.temp, `script-${index}.sh`)
    writeFileSync(path, text(evaluate(step.part('run'), this.scope())))
    const shell = literal(step.part('shell'))
    if (shell !== undefined && shell !== 'bash') throw new Error(`the runner knows no shell ${shell}`)
    // Without `shell`, a failure within a pipe does not count.
    return {
      command: ['bash', ...(shell ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e']), path],
      env: {},
    }
  }

  /** Brings the action of a step onto the machine before any step runs, as the runner does; what it plays itself is there. */
  private async prepareAction(step: StepFile): Promise<void> {
    const uses = literal(step.part('uses'))
    if (uses === undefined || uses.startsWith('./') || standIns.has(uses)) return
    const { hub } = this.order
    const [, repository = '', commit = ''] = /^([\w.-]+\/[\w.-]+)@([\da-f]{40})$/.exec(uses) ?? []
    const manifest = repository && (await hub.git.read(repository, `${commit}:action.yml`))
    if (!manifest)
      throw new Error(
        `Unable to resolve action '${uses}': the runner knows ${[...standIns.keys()].join(', ')}`,
      )
    hub.mustRead(this.token, repository)
    const folder = this.actionFolder(uses)
    mkdirSync(join(folder, 'dist'), { recursive: true })
    writeFileSync(join(folder, 'action.yml'), manifest)
    const bundle = await hub.git.read(repository, `${commit}:dist/index.js`)
    writeFileSync(join(folder, 'dist/index.js'), bundle ?? '')
  }

  private actionFolder(uses: string): string {
    if (uses.startsWith('./')) return resolve(this.machine.workspace, uses)
    return join(this.home, 'actions', ...uses.split(/[/@]/))
  }

  private javaScript(folder: string, inputs: Record<string, string>): Program {
    const file = join(folder, 'action.yml')
    if (!existsSync(file)) throw new Error(`Can't find 'action.yml' under '${folder}'`)
    const action = parse(readFileSync(file, 'utf8')) as {
      readonly inputs?: Readonly<Record<string, { readonly default?: string }>>
      readonly runs: { readonly using: string; readonly main: string }
    }
    if (action.runs.using !== 'node24') throw new Error(`the runner does not run ${action.runs.using}`)
    const defaults = Object.fromEntries(
      Object.entries(action.inputs ?? {}).map(([name, { default: value = '' }]) => [name, value]),
    )
    return {
      command: [node24(), join(folder, action.runs.main)],
      env: Object.fromEntries(
        Object.entries(this.filled(inputs, defaults)).map(([name, value]) => [
          `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
          value,
        ]),
      ),
    }
  }

  /** Takes in what a step has said on its output and in its files. */
  private listen(output: string, files: CommandFiles): void {
    this.log += output
    const { annotations, masks } = readCommands(output)
    this.annotations.push(...annotations)
    this.masks.push(...masks.filter((mask) => mask !== ''))
    const summary = readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8')
    if (Buffer.byteLength(summary) <= mostSummary) this.summary += summary
    for (const [name, value] of readPairs(files.GITHUB_ENV)) {
      if (name === 'NODE_OPTIONS' || /^(GITHUB|RUNNER)_/.test(name))
        throw new Error(`Can't store ${name} from GITHUB_ENV`)
      this.env[name] = value
    }
    this.path.unshift(...readFileSync(files.GITHUB_PATH, 'utf8').split('\n').filter(Boolean))
  }

  private fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.annotations.push({ level: 'error', message })
    this.log += `\n${message}\n`
  }

  private masked(log: string): string {
    return this.masks.reduce((rest, mask) => rest.replaceAll(mask, '***'), log)
  }

  private scope({ env = this.env }: { readonly env?: Record<string, string> } = {}): Scope {
    const { contexts, workflow, hub, file } = this.order
    const github = {
      ...(contexts['github'] as object),
      token: this.token,
      workspace: this.machine.workspace,
      job: file.id,
    }
    return {
      contexts: {
        ...contexts,
        github,
        env,
        job: { status: this.status, ...(hub.server.hasWorkflowSha ? workflowContext(workflow) : {}) },
        runner: { os: 'Linux', arch: 'X64', temp: this.machine.temp, environment: 'self-hosted' },
        steps: this.steps as unknown as Value,
        secrets: { ...(contexts['secrets'] as object), GITHUB_TOKEN: this.token },
      },
      status: {
        success: this.status === 'success',
        failure: this.status === 'failure',
        cancelled: this.status === 'cancelled',
      },
    }
  }

  private variables(): Record<string, string> {
    const { hub, run, file, contexts } = this.order
    const github = contexts['github'] as Record<string, Value>
    const event = join(this.machine.temp, 'event.json')
    writeFileSync(event, JSON.stringify(run.payload))
    const names = [
      ...[
        'repository',
        'repository_owner',
        'run_id',
        'run_number',
        'run_attempt',
        'sha',
        'ref',
        'ref_name',
        'ref_type',
      ],
      ...[
        'ref_protected',
        'head_ref',
        'base_ref',
        'event_name',
        'actor',
        'triggering_actor',
        'workflow',
        'workflow_ref',
      ],
      ...['workflow_sha', 'server_url', 'api_url', 'graphql_url'],
    ]
    return {
      PATH: [...this.path, hub.image, process.env['PATH'] ?? '/usr/bin:/bin'].join(':'),
      HOME: this.home,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      ...Object.fromEntries(
        names.map((name) => [`GITHUB_${name.toUpperCase()}`, text(github[name] ?? null)]),
      ),
      GITHUB_JOB: file.id,
      GITHUB_EVENT_PATH: event,
      GITHUB_WORKSPACE: this.machine.workspace,
      RUNNER_OS: 'Linux',
      RUNNER_ARCH: 'X64',
      RUNNER_TEMP: this.machine.temp,
      RUNNER_TOOL_CACHE: join(this.home, 'tools'),
      RUNNER_ENVIRONMENT: 'self-hosted',
      // Every job starts the same bundle: Node.js from 22 on compiles it once.
      NODE_COMPILE_CACHE: join(hub.folder, 'compiled'),
    }
  }
}

interface Program {
  readonly command: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
}

/** What plays the action of a step; undefined for scripts and for actions that really run. */
function standInOf(step: StepFile): StandIn | undefined {
  return standIns.get(literal(step.part('uses')) ?? '')
}

function workflowContext({ repository, sha, path, ref }: JobOrder['workflow']): Record<string, string> {
  return {
    workflow_repository: repository,
    workflow_sha: sha,
    workflow_file_path: path,
    workflow_ref: `${repository}/${path}@${ref}`,
  }
}

/** What the action declares to run on; this Node.js on a machine that npm has no other for. */
function node24(): string {
  return nodes.find(({ name, node }) => name === 'Node 24' && existsSync(node))?.node ?? process.execPath
}
