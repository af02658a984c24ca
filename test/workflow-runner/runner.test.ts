import { describe, expect, it, onTestFinished } from 'vitest'
import { ConcurrencyGroups } from './concurrency.ts'
import { evaluateExpression } from './expressions.ts'
import type { Run } from './hub.ts'
import { matrixLegs } from './matrix.ts'
import { readCommands } from './commands.ts'
import { makeWorld, type World } from './world.ts'

/** A repository whose only workflow has the jobs given. */
async function pushed(
  jobs: string,
  more = '',
): Promise<{ readonly world: World; readonly run: Run; readonly checks: Record<string, string> }> {
  const world = await makeWorld({ texts: {} })
  onTestFinished(world.close)
  const { commit, runs } = await world.distro.push('topic', {
    '.github/workflows/own.yml': `on: push\n${more}\njobs:\n${jobs}`,
  })
  await world.hub.settle()
  const [run] = runs
  if (!run) throw new Error('no run')
  return { world, run, checks: world.hub.checksOn(commit) }
}

const job = (id: string, run: string, more = '') => `  ${id}:
    runs-on: here
${more}    steps:
      - run: |
          ${run}
`

describe('the jobs of a workflow', () => {
  it('run after what they need, and not when something before them failed or was skipped', async () => {
    const { checks } = await pushed(
      [
        job('a', 'exit 1'),
        job('b', 'true', '    needs: a\n'),
        job('c', 'true', '    needs: b\n    if: always()\n'),
        // What it names has succeeded; what came before that has not.
        job('d', 'true', '    needs: c\n'),
        job('e', 'true', '    needs: c\n    if: failure()\n'),
      ].join(''),
    )
    expect(checks).toEqual({ a: 'failure', b: 'skipped', c: 'success', d: 'skipped', e: 'success' })
  })

  it('hand on what their steps wrote, and no secret', async () => {
    const { run } = await pushed(`  a:
    runs-on: here
    permissions: { contents: read }
    outputs:
      number: \${{ steps.one.outputs.number }}
      text: \${{ steps.one.outputs.text }}
      token: \${{ steps.one.outputs.token }}
    steps:
      - id: one
        env:
          TOKEN: \${{ github.token }}
        run: |
          { echo number=7; echo 'text<<E'; echo a; echo b; echo E; echo "token=$TOKEN"; } >>"$GITHUB_OUTPUT"
          echo FROM=before >>"$GITHUB_ENV"
          echo "the token is $TOKEN"
      - run: test "$FROM" = before
      - run: exit 3
        continue-on-error: true
      - if: failure()
        run: exit 4
`)
    const done = run.logs.get('a')
    expect(done?.result).toBe('success')
    expect(done?.outputs).toEqual({ number: '7', text: 'a\nb' })
    expect(done?.log).toContain('the token is ***')
    expect(done?.steps.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'failure', 'skipped'])
  })

  it('are one for each entry of a matrix that another job wrote; the first that fails cancels the others', async () => {
    const text = `  plan:
    runs-on: here
    outputs:
      matrix: \${{ steps.plan.outputs.matrix }}
    steps:
      - id: plan
        run: echo 'matrix={"include":[{"arch":"a","end":"1"},{"arch":"b","end":"0"},{"arch":"c","end":"0"}]}' >>"$GITHUB_OUTPUT"
  build:
    name: build \${{ matrix.arch }}
    needs: plan
    strategy:
      matrix: \${{ fromJSON(needs.plan.outputs.matrix) }}
    runs-on: here
    steps:
      - run: |
          if [ "$END" = 1 ]; then exit 1; fi; exec sleep 60
        env:
          END: \${{ matrix.end }}
`
    const { checks } = await pushed(text)
    expect(checks).toEqual({
      plan: 'success',
      'build a': 'failure',
      'build b': 'cancelled',
      'build c': 'cancelled',
    })
  })

  it('do not start when a file is not valid', async () => {
    const { run, checks } = await pushed(job('a', 'true', '    needs: b\n'))
    expect([run.conclusion, checks]).toEqual(['startup_failure', {}])
  })

  it('have a token that does what their file says, and that ends with them', async () => {
    const ask = (status: number) =>
      `node -e 'fetch(process.env.GITHUB_API_URL + "/repos/distro/linux/pulls/1", { headers: { authorization: "token " + process.env.TOKEN } }).then(({ status }) => process.exit(status === ${status} ? 0 : 1))'; echo "::notice::$TOKEN"`
    const env = '    env:\n      TOKEN: ${{ github.token }}\n'
    const { run, world } = await pushed(
      job('a', ask(404), `${env}    permissions:\n      pull-requests: read\n`) +
        job('b', ask(403), `${env}    permissions: {}\n`),
    )
    expect(run.conclusion).toBe('success')
    const token = run.logs.get('a')?.annotations[0]?.message ?? ''
    expect(token).toMatch(/^ghs_/)
    expect(world.hub.knows(token)).toBe(false)
  })
})

describe('a matrix', () => {
  it('is every combination, less what is excluded, and what is included fits where it can', () => {
    expect(
      matrixLegs({
        os: ['a', 'b'],
        arch: [1, 2],
        exclude: [{ os: 'b', arch: 2 }],
        include: [
          { os: 'a', extra: 'x' },
          { os: 'c', arch: 9 },
        ],
      }),
    ).toEqual([
      { os: 'a', arch: 1, extra: 'x' },
      { os: 'a', arch: 2, extra: 'x' },
      { os: 'b', arch: 1 },
      { os: 'c', arch: 9 },
    ])
    expect(() => matrixLegs({ include: [] })).toThrow(/does not contain any values/)
  })
})

describe('expressions', () => {
  it('see contexts, and read texts and truth as GitHub does', () => {
    const contexts = { inputs: { base: '', flag: true }, github: { event: { pull_request: null } } }
    expect(evaluateExpression("inputs.base || 'none'", { contexts })).toBe('none')
    expect(evaluateExpression("inputs.FLAG == 'true'", { contexts })).toBe(false)
    expect(evaluateExpression("format('{0}!', inputs.flag)", { contexts })).toBe('true!')
    expect(() => evaluateExpression('secrets.x', { contexts })).toThrow()
    expect(() => evaluateExpression('success()', { contexts })).toThrow()
  })
})

describe('a concurrency group', () => {
  it('lets one run, one wait, and the newest take the place of the one that waits', async () => {
    const groups = new ConcurrencyGroups()
    const told: string[] = []
    const run = (name: string) => ({ cancel: () => told.push(`cancel ${name}`) }) as unknown as Run
    const [first, second, third] = [run('first'), run('second'), run('third')] as [Run, Run, Run]
    expect(await groups.enter('G', first, false)).toBe(true)
    const waits = groups.enter('g', second, false)
    const newest = groups.enter('g', third, true)
    expect(await waits).toBe(false)
    expect(told).toEqual(['cancel first'])
    groups.leave('g', first)
    expect(await newest).toBe(true)
  })
})

describe('commands in the output of a step', () => {
  it('are heard, but not between stop-commands and its word', () => {
    const output =
      '::error title=a%3A b,file=x::one%0Atwo\n::stop-commands::w\n::error::no\n::w::\n::add-mask::s\n'
    expect(readCommands(output)).toEqual({
      annotations: [{ level: 'error', message: 'one\ntwo' }],
      masks: ['s'],
    })
  })
})
