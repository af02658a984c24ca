import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { auditWorkflows } from '../../src/workflow/audit-workflows.ts'
import { ruleTexts, type WorkflowRule } from '../../src/workflow/workflow-fault.ts'

const sha = '3d3c42e5aac5ba805825da76410c181273ba90b1'

/** The three jobs written out, as somebody does who does not call the reusable workflow. */
const own = `name: kabi
on:
  pull_request:
    types: [opened, reopened, synchronize, edited, labeled, unlabeled]
  merge_group:
permissions: {}
jobs:
  plan:
    runs-on: ubuntu-24.04
    permissions: { contents: read }
    outputs: { matrix: "\${{ steps.plan.outputs.matrix }}" }
    steps:
      - uses: actions/checkout@${sha} # v7.0.1
        with: { fetch-depth: 0, persist-credentials: false }
      - id: plan
        uses: distro/kabi-gate@${sha}
        with: { command: plan }
  collect:
    needs: plan
    strategy: { matrix: "\${{ fromJSON(needs.plan.outputs.matrix) }}" }
    runs-on: \${{ matrix.runner }}
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@${sha} # v7.0.1
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: distro/kabi-gate@${sha}
        with:
          command: collect
          variant: \${{ matrix.variant }}
  judge:
    name: verdict
    needs: [plan, collect]
    if: always()
    runs-on: ubuntu-24.04
    permissions:
      contents: read
      actions: read
      pull-requests: write
    steps:
      - uses: actions/checkout@${sha} # v7.0.1
        with:
          fetch-depth: 0
      - uses: actions/download-artifact@${sha}
        with:
          run-id: \${{ needs.plan.outputs.evidence-run }}
      - uses: distro/kabi-gate@${sha}
        with:
          command: judge
          github-token: \${{ github.token }}
          override-label: approved
`

const calling = readFileSync('examples/workflows/pull-request.yml', 'utf8')

/** What is found in one file: rule and the line it points at. */
function found(...texts: readonly string[]): string[] {
  const files = texts.map((text, index) => ({ file: `${index}.yml`, text }))
  const { value, problems } = auditWorkflows(files)
  expect(problems).toEqual([])
  return (value ?? []).flatMap(({ file, faults }) => {
    const lines = texts[Number.parseInt(file, 10)]?.split('\n') ?? []
    return faults.map(({ rule, line }) => `${rule}: ${lines[line - 1]?.trim() ?? ''}`)
  })
}

function changed(text: string, from: string, to: string): string {
  expect(text).toContain(from)
  return text.replace(from, to)
}

/** Rule, where it is tried, what is taken out, what is put in, and the line that is pointed at. */
const bad: readonly (readonly [WorkflowRule, string, string, string, string])[] = [
  ['no-gate', 'on: push\njobs: { a: { steps: [] } }', 'on', 'on', 'on: push'],
  ['permissions-missing', own, 'permissions: {}\n', '', ''],
  [
    'permissions-wide',
    own,
    '    permissions:\n      contents: read\n    steps',
    '    permissions: write-all\n    steps',
    'permissions: write-all',
  ],
  [
    'permissions-wide',
    own,
    '      contents: read\n    steps',
    '      contents: write\n    steps',
    'permissions:',
  ],
  ['permissions-wide', own, '      actions: read\n', '      actions: write\n', 'permissions:'],
  [
    'permissions-wide',
    calling,
    '      contents: read',
    '      id-token: write\n      contents: read',
    'permissions:',
  ],
  ['permissions-short', own, '      pull-requests: write', '      pull-requests: read', 'permissions:'],
  ['permissions-short', own, '      actions: read\n', '', 'permissions:'],
  [
    'permissions-short',
    own,
    '      contents: read\n    steps',
    '      packages: read\n    steps',
    'permissions:',
  ],
  ['permissions-short', calling, '      pull-requests: write', '      issues: read', 'permissions:'],
  ['verdict-skipped', own, '    if: always()\n', '', 'needs: [plan, collect]'],
  [
    'verdict-skipped',
    own,
    'if: always()',
    "if: always() && github.actor != 'bot'",
    "if: always() && github.actor != 'bot'",
  ],
  ['verdict-skipped', own, 'if: always()', 'if: ${{ !cancelled() }}', 'if: ${{ !cancelled() }}'],
  [
    'verdict-skipped',
    calling,
    '    name: kabi-gate\n',
    '    if: github.event.label\n',
    'if: github.event.label',
  ],
  [
    'verdict-skipped',
    own,
    '        with:\n          command: judge',
    '        if: success()\n        with:\n          command: judge',
    'if: success()',
  ],
  [
    'failure-ignored',
    own,
    '    if: always()',
    '    if: always()\n    continue-on-error: true',
    'continue-on-error: true',
  ],
  [
    'failure-ignored',
    own,
    '        with:\n          command: judge',
    '        continue-on-error: ${{ inputs.x }}\n        with:\n          command: judge',
    'continue-on-error: ${{ inputs.x }}',
  ],
  [
    'name-not-fixed',
    own,
    'name: verdict',
    'name: verdict of ${{ github.ref }}',
    'name: verdict of ${{ github.ref }}',
  ],
  [
    'name-not-fixed',
    calling,
    '    name: kabi-gate\n',
    '    name: kabi-gate\n    strategy: { matrix: { config: [a, b] } }\n',
    'strategy: { matrix: { config: [a, b] } }',
  ],
  ['no-merge-group', calling, '  merge_group:\n', '', 'on:'],
  [
    'no-merge-group',
    own.replace('          override-label: approved\n', ''),
    'on:\n  pull_request:\n    types: [opened, reopened, synchronize, edited, labeled, unlabeled]\n  merge_group:\n',
    'on: { pull_request: { types: [opened, reopened, synchronize, edited] } }\n',
    'on: { pull_request: { types: [opened, reopened, synchronize, edited] } }',
  ],
  ['path-filter', calling, '  merge_group:', "    paths: ['**.c']\n  merge_group:", "paths: ['**.c']"],
  [
    'path-filter',
    calling,
    '  merge_group:',
    '    paths-ignore: [Documentation/**]\n  merge_group:',
    'paths-ignore: [Documentation/**]',
  ],
  ['label-types', calling, ', labeled, unlabeled', ', labeled', 'pull_request:'],
  ['base-types', calling, ' edited,', '', 'pull_request:'],
  [
    'label-types',
    own,
    '    types: [opened, reopened, synchronize, edited, labeled, unlabeled]\n',
    '    types: [opened, reopened, synchronize, edited]\n',
    'pull_request:',
  ],
  ['other-event', calling, '  merge_group:', '  merge_group:\n  workflow_dispatch:', 'workflow_dispatch:'],
  [
    'other-event',
    own,
    '  merge_group:',
    '  merge_group:\n  push: { branches: [main] }',
    'push: { branches: [main] }',
  ],
  [
    'privileged-event',
    own,
    '  merge_group:',
    '  merge_group:\n  pull_request_target:',
    'pull_request_target:',
  ],
  ['privileged-event', calling, '  pull_request:', '  pull_request_target:', 'pull_request_target:'],
  [
    'token-in-build',
    own,
    '          command: collect',
    '          command: collect\n          github-token: ${{ github.token }}',
    'github-token: ${{ github.token }}',
  ],
  [
    'token-in-build',
    own,
    '        with:\n          command: collect',
    '        env:\n          KEY: ${{ secrets.KEY }}\n        with:\n          command: collect',
    'KEY: ${{ secrets.KEY }}',
  ],
  [
    'token-in-build',
    own,
    '    needs: plan\n',
    "    needs: plan\n    env:\n      T: ${{ github['token'] }}\n",
    "T: ${{ github['token'] }}",
  ],
  [
    'token-in-build',
    own,
    'permissions: {}',
    'permissions: {}\nenv:\n  T: ${{ secrets.T }}',
    'T: ${{ secrets.T }}',
  ],
  ['token-in-build', calling, '    with:', '    secrets: inherit\n    with:', 'secrets: inherit'],
  [
    'credentials-kept',
    own,
    '          fetch-depth: 0\n          persist-credentials: false\n',
    '          fetch-depth: 0\n',
    `- uses: actions/checkout@${sha} # v7.0.1`,
  ],
  [
    'credentials-kept',
    own,
    '          persist-credentials: false\n',
    '          persist-credentials: true\n',
    `- uses: actions/checkout@${sha} # v7.0.1`,
  ],
  [
    'unpinned',
    own,
    `actions/download-artifact@${sha}`,
    'actions/download-artifact@v8',
    '- uses: actions/download-artifact@v8',
  ],
  [
    'unpinned',
    own,
    `actions/download-artifact@${sha}`,
    'actions/download-artifact@3d3c42e',
    '- uses: actions/download-artifact@3d3c42e',
  ],
  [
    'unpinned',
    calling,
    '0000000000000000000000000000000000000000',
    'main',
    'uses: OWNER/kabi-gate/.github/workflows/kabi-gate.yml@main # v0.1.0',
  ],
  [
    'shallow',
    own,
    '          fetch-depth: 0\n          persist',
    '          persist',
    `- uses: actions/checkout@${sha} # v7.0.1`,
  ],
]

describe('the audit of a workflow', () => {
  it.each(bad.filter(([rule]) => rule !== 'permissions-missing'))(
    'finds %s, and only that, where it stands (%#)',
    (rule, text, from, to, line) => {
      expect(found(changed(text, from, to))).toEqual([`${rule}: ${line}`])
    },
  )

  it('gives a job without comments no right to write, unless it makes suggestions', () => {
    const reading = changed(own, '      pull-requests: write', '      pull-requests: read')
    const quiet = changed(reading, 'override-label: approved', 'comment: never')
    expect(found(quiet)).toEqual([])
    const suggesting = (value: string) =>
      changed(quiet, 'comment: never', `comment: never\n          suggestions: ${value}`)
    expect(found(suggesting('false'))).toEqual([])
    for (const value of ['true', '${{ inputs.suggestions }}'])
      expect(found(suggesting(value))).toEqual(['permissions-short: permissions:'])
  })

  it('finds permissions that are said nowhere', () => {
    const text = changed(changed(own, 'permissions: {}\n', ''), '    permissions: { contents: read }\n', '')
    expect(found(text)).toEqual(['permissions-missing: plan:'])
  })

  it('takes the permissions of the workflow for a job without its own', () => {
    const text = changed(
      changed(own, 'permissions: {}', 'permissions: { contents: read }'),
      '    permissions: { contents: read }\n',
      '',
    )
    expect(found(text)).toEqual([])
    expect(found(text.replace('contents: read }', 'contents: write }'))).toEqual([
      'permissions-wide: permissions: { contents: write }',
    ])
  })

  it('lets a run by hand have no check of the name that pull requests need', () => {
    const dispatch = calling.replace(/on:[^]*?\nconcurrency/, 'on: workflow_dispatch\nconcurrency')
    expect(found(dispatch)).toEqual([])
    expect(found(calling, dispatch)).toEqual(['other-event: kabi-gate:'])
    expect(
      found(
        calling,
        dispatch.replaceAll('  kabi-gate:\n    name: kabi-gate', '  by-hand:\n    name: by hand'),
      ),
    ).toEqual([])
  })

  it('finds a bisection that has the name of the required check, a token or one commit only', () => {
    const bisecting = (job: string, depth: string, more = '') => `on: workflow_dispatch
permissions: {}
jobs:
  bisect:
    name: ${job}
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@${sha}
        with: { persist-credentials: false, fetch-depth: ${depth} }
      - uses: distro/kabi-gate@${sha}
        with: { command: bisect, good: v1, bad: main${more} }
`
    expect(found(calling, bisecting('kabi-bisect', '0'))).toEqual([])
    expect(found(calling, bisecting('kabi-gate / verdict', '0'))).toEqual(['other-event: bisect:'])
    expect(found(bisecting('kabi-bisect', '1'))).toEqual([expect.stringMatching(/^shallow: /)])
    const token = ', github-token: "${{ github.token }}"'
    expect(found(bisecting('kabi-bisect', '0', token))).toEqual([expect.stringMatching(/^token-in-build: /)])
    const byScript = bisecting('kabi-bisect', '0').replace(
      / {6}- uses: distro.*\n.*\n/,
      '      - run: kabi-gate bisect v1 main\n',
    )
    expect(found(byScript)).toEqual([])
  })

  it('does not call a check a build that reads what others built', () => {
    const step = (
      symvers: string,
    ) => `on: { pull_request: { types: [opened, reopened, synchronize, edited] }, merge_group: }
permissions: { contents: read, pull-requests: write }
jobs:
  gate:
    steps:
      - uses: actions/checkout@${sha}
        with: { fetch-depth: 0, persist-credentials: false }
      - uses: distro/kabi-gate@${sha}
        with: {${symvers} github-token: "\${{ github.token }}" }
`
    expect(found(step(' symvers: x86_64=Module.symvers,'))).toEqual([])
    expect(found(step(''))).toEqual([
      'permissions-wide: permissions: { contents: read, pull-requests: write }',
      'token-in-build: with: { github-token: "${{ github.token }}" }',
    ])
  })

  it('needs no base commit where none counts', () => {
    const text = changed(own, '          fetch-depth: 0\n          persist', '          persist')
    expect(
      found(changed(text, 'command: collect', 'command: collect\n          baseline-ref: none')),
    ).toEqual([])
  })

  it('has a file that fires it, for every rule', () => {
    expect([...new Set(bad.map(([rule]) => rule))].sort()).toEqual(Object.keys(ruleTexts).sort())
  })

  it('finds nothing wrong with what comes with kabi-gate', () => {
    const files = ['pull-request', 'release-branch', 'override'].map(
      (name) => `examples/workflows/${name}.yml`,
    )
    const texts = [...files, '.github/workflows/kabi-gate.yml'].map((file) => readFileSync(file, 'utf8'))
    expect(found(...texts)).toEqual([])
    expect(found(own)).toEqual([])
  })

  it.each([
    ['no YAML', 'on: [push\njobs: {}', 2, /not closed|YAML/],
    ['no jobs', 'name: x\n', 1, /no jobs/],
    ['a list', '- on\n', 1, /no workflow/],
    ['nothing', '', 1, /no workflow/],
  ])('refuses a file that is %s', (_, text, line, message) => {
    const { value, problems } = auditWorkflows([{ file: 'a.yml', text }])
    expect(value).toBeUndefined()
    expect(problems[0]).toMatchObject({ kind: 'config', place: { file: 'a.yml', line } })
    expect(problems[0]?.message).toMatch(message)
  })

  it.each([
    'on: push\njobs: { a: }',
    'on:\njobs: { a: { steps: [1, null, {}], needs: 3, permissions: } }',
    'on: 7\njobs: { a: [] }',
  ])('does not stumble over %j', (text) => {
    expect(found(text).length).toBeGreaterThan(0)
  })
})
