import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/evidence/sha256.ts'
import { startForge } from '../action/forge.ts'
import { pullRequestPayload } from '../action/payloads.ts'
import { runMain, type MainRun } from '../action/run-main.ts'
import { kabiYml, patched, released } from '../support/workspace.ts'
import { checkout, type Checkout } from './checkout.ts'

async function step({ folder, base }: Checkout, inputs: Readonly<Record<string, string>>): Promise<MainRun> {
  return runMain(await startForge(), {
    folder,
    payload: pullRequestPayload('synchronize', {}, { base }),
    inputs: { 'baseline-ref': '', 'github-token': '', ...inputs },
  })
}

const judged = (there: Checkout, commit = there.patched) =>
  step(there, { command: 'judge', 'expect-commit': commit })

/** A checkout with the evidence of its one variant, and what another machine left of it. */
async function collected(symvers = released): Promise<Checkout> {
  const there = checkout({}, symvers)
  expect((await step(there, { command: 'collect', variant: 'x86_64' })).code).toBe(0)
  return there
}

const leg = ({ folder }: Checkout, name = '') => join(folder, 'evidence', 'x86_64', name)

/** Edits evidence.json as somebody does who can write JSON. */
function edit(there: Checkout, change: (record: Record<string, unknown>) => void): void {
  const record = JSON.parse(readFileSync(leg(there, 'evidence.json'), 'utf8')) as Record<string, unknown>
  change(record)
  writeFileSync(leg(there, 'evidence.json'), JSON.stringify(record))
}

/** Another Module.symvers, with the size and digest of it in the record. */
function forge(there: Checkout, symvers: string): void {
  const bytes = new TextEncoder().encode(symvers)
  writeFileSync(leg(there, 'Module.symvers'), bytes)
  edit(there, (record) => {
    record['files'] = { 'Module.symvers': { size: bytes.length, sha256: sha256(bytes) } }
  })
}

describe('judge', () => {
  it('passes evidence that nobody touched', async () => {
    expect((await judged(await collected())).outputs.get('verdict')).toBe('pass')
  })

  it.each<[string, (there: Checkout) => void]>([
    ['no evidence at all', ({ folder }) => rmSync(join(folder, 'evidence'), { recursive: true })],
    ['no evidence of a variant', (there) => rmSync(leg(there), { recursive: true })],
    ['no record', (there) => rmSync(leg(there, 'evidence.json'))],
    [
      'a leg that failed',
      (there) => {
        const { version, variant, tool, plan } = JSON.parse(
          readFileSync(leg(there, 'evidence.json'), 'utf8'),
        ) as Record<string, unknown>
        const problems = [{ kind: 'build-failed', message: 'make failed', variant }]
        rmSync(leg(there, 'Module.symvers'))
        writeFileSync(
          leg(there, 'evidence.json'),
          JSON.stringify({ version, variant, tool, plan, kind: 'failure', problems }),
        )
      },
    ],
    [
      'checksums that somebody edited afterwards',
      (there) => {
        const file = leg(there, 'Module.symvers')
        writeFileSync(file, readFileSync(file, 'utf8').replace('0x44444444', '0x45454545'))
      },
    ],
    ['rows that somebody added', (there) => forge(there, `${released}0x1\tmore\tvmlinux\tEXPORT_SYMBOL\t\n`)],
    [
      'a variant that nobody asked for',
      (there) => {
        cpSync(leg(there), leg(there).replace('x86_64', 's390x'), { recursive: true })
        writeFileSync(
          join(there.folder, 'evidence/s390x/evidence.json'),
          readFileSync(leg(there, 'evidence.json'), 'utf8').replace('"x86_64"', '"s390x"'),
        )
      },
    ],
    ['a variant twice', (there) => cpSync(leg(there), `${leg(there)}-again`, { recursive: true })],
    ['another plan', (there) => edit(there, (record) => Object.assign(record, { plan: '0'.repeat(64) }))],
    [
      'another kabi-gate',
      (there) => edit(there, (record) => Object.assign(record['tool'] as object, { version: '99.0.0' })),
    ],
    ['no commit', (there) => edit(there, (record) => Object.assign(record, { tree: null }))],
    [
      'another commit',
      (there) => edit(there, (record) => Object.assign(record, { tree: { commit: there.base } })),
    ],
    [
      'a link in place of a file',
      (there) => {
        renameSync(leg(there, 'Module.symvers'), join(there.folder, 'elsewhere'))
        symlinkSync(join(there.folder, 'elsewhere'), leg(there, 'Module.symvers'))
      },
    ],
    [
      'a link in place of the folder',
      (there) => {
        renameSync(leg(there), join(there.folder, 'elsewhere'))
        symlinkSync(join(there.folder, 'elsewhere'), leg(there))
      },
    ],
    [
      'a link to a file of the machine',
      (there) => {
        rmSync(leg(there, 'evidence.json'))
        symlinkSync('/etc/passwd', leg(there, 'evidence.json'))
      },
    ],
    ['a file that does not belong there', (there) => writeFileSync(leg(there, 'run.sh'), '')],
  ])('says error to %s', async (_, tamper) => {
    const there = await collected()
    tamper(there)
    const run = await judged(there)
    expect([run.code, run.outputs.get('verdict')]).toEqual([3, 'error'])
    expect(run.stdout).not.toContain('root:')
  })

  it('says error to evidence of the commit before', async () => {
    const there = await collected()
    const run = await judged(there, 'f'.repeat(40))
    expect([run.code, run.outputs.get('verdict')]).toEqual([3, 'error'])
    expect(run.stdout).toContain(there.patched)
  })

  it('says error to evidence that was collected for the configuration of the patch', async () => {
    const there = checkout({ 'kabi.yml': kabiYml.replace('arch: x86_64', 'arch: i386') })
    await step(there, { command: 'collect', variant: 'x86_64', 'baseline-ref': 'none' })
    const run = await judged(there)
    expect([run.code, run.outputs.get('verdict')]).toEqual([3, 'error'])
  })

  it('is not excused by the disable flag', async () => {
    const there = await collected()
    rmSync(leg(there), { recursive: true })
    const run = await runMain(await startForge(), {
      folder: there.folder,
      inputs: { command: 'judge', 'disable-kabi-check': 'true', 'disable-reason': 'bisecting the break' },
      env: { GITHUB_EVENT_NAME: 'workflow_dispatch', GITHUB_REF: 'refs/heads/topic' },
      payload: {},
      actor: 'mia',
    })
    expect([run.code, run.outputs.get('verdict')]).toEqual([3, 'error'])
  })

  it('says break to a break, however often it is judged', async () => {
    const there = await collected(patched)
    for (let time = 0; time < 2; time++) {
      const run = await judged(there)
      expect([run.code, run.outputs.get('verdict')]).toEqual([1, 'break'])
    }
  })
})

describe('collect', () => {
  it('leaves no evidence that would pass where it failed', async () => {
    const there = checkout({}, 'no symvers')
    expect((await step(there, { command: 'collect', variant: 'x86_64' })).code).toBe(3)
    expect(existsSync(leg(there, 'Module.symvers'))).toBe(false)
    expect((await judged(there)).outputs.get('verdict')).toBe('error')
  })
})
