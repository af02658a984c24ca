import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { rowsOf } from '../mutate/workbench.ts'
import { randomFrom } from '../mutate/random.ts'
import { readBasis } from '../../src/evidence/read-evidence.ts'
import { editKinds, makeEdit, type Edit, type Tree } from './edits.ts'
import { decider } from './decide.ts'

/**
 * Proves that evidence that is carried over is what a look would find (docs/accuracy.md): makes random edits of a kernel, asks of each
 * whether the evidence of the kernel before holds, and looks at those for which it does, many of them at once, with nothing kept.
 * Where something is different there, the edit that did it is searched for among them.
 *
 *   npm run prove:carry-over -- --tree TREE --config KABI_YML --variant NAME --seed N --count M
 */

const { values: options } = parseArgs({
  options: {
    tree: { type: 'string' },
    config: { type: 'string' },
    variant: { type: 'string', default: 'amd64' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '500' },
    /** Edits that are looked at together. */
    batch: { type: 'string', default: '80' },
    work: { type: 'string', default: join(homedir(), '.cache/kabi-gate/carry-over') },
    cli: { type: 'string', default: resolve(import.meta.dirname, '../../dist/cli.js') },
  },
})
if (options.tree === undefined || options.config === undefined)
  throw new Error('--tree must name a kernel source tree, --config its kabi.yml')
const tree = resolve(options.tree)
const config = resolve(options.config)
const work = resolve(options.work, `seed-${options.seed}`)
const repository = join(work, 'linux')
const kept = join(work, 'kept')
const { variant } = options

rmSync(work, { recursive: true, force: true })
mkdirSync(work, { recursive: true })
execFileSync('cp', ['-a', tree, repository])
rmSync(join(repository, '.git'), { recursive: true, force: true })
git('init', '--quiet', '--template=', '--initial-branch=main')
const base = commit('base')
say(`${repository}: ${base}`)

const before = look(kept, [])
say(`looked at the kernel itself in ${before.seconds} s`)
const basis = await readBasis(join(kept, 'evidence', base, variant))
if (!basis) throw new Error('the evidence of the kernel itself is not kept')

const files = git('ls-files', '-z')
  .split('\0')
  .filter((path) => path !== '')
const list = readFileSync(join(config, '..', variant, 'kabi_whitelist'), 'utf8')
const source: Tree = {
  ...{ folder: repository, files, read: basis.files },
  symbols: rowsOf(list).map(({ symbol }) => symbol),
}

interface Case extends Edit {
  readonly number: number
  readonly commit: string
  readonly doubts: readonly string[]
}

const cases: Case[] = []
const doubtsAbout = await decider({ repository, config, variant, kept })
for (let number = 0; number < Number(options.count); number++) {
  git('checkout', '--quiet', '--force', '--detach', base)
  git('clean', '-qfd')
  const edit = makeEdit(source, randomFrom(`${options.seed} ${number}`), number)
  const head = commit(`${number}: ${edit.kind}`)
  const doubts = await doubtsAbout(head)
  cases.push({ ...edit, number, commit: head, doubts })
  if (number % 50 === 49) say(`${number + 1} edits`)
}

const held = cases.filter(({ doubts }) => doubts.length === 0)
const wrong: Case[] = []
const size = Number(options.batch)
for (let at = 0; at < held.length; at += size) await prove(held.slice(at, at + size))

/** Looks at some edits together; where one did something, at halves of them. */
async function prove(some: readonly Case[]): Promise<void> {
  git('checkout', '--quiet', '--force', '--detach', base)
  git('clean', '-qfd')
  const taken = some.filter(
    (one) =>
      tryGit('cherry-pick', '--quiet', '--allow-empty', one.commit) || !tryGit('cherry-pick', '--skip'),
  )
  const fresh = join(work, 'fresh')
  rmSync(fresh, { recursive: true, force: true })
  const found = look(fresh, ['--no-carry-over'])
  const same = found.text === before.text
  say(`${taken.length} edits together: ${same ? 'the same' : 'DIFFERENT'}, ${found.seconds} s`)
  if (same) return
  if (some.length === 1) wrong.push(...some)
  else {
    const half = Math.ceil(some.length / 2)
    await prove(some.slice(0, half))
    await prove(some.slice(half))
  }
}

const rows = editKinds.map((kind) => {
  const all = cases.filter((one) => one.kind === kind)
  const carried = all.filter(({ doubts }) => doubts.length === 0).length
  return `| ${kind} | ${all.length} | ${carried} | ${all.length - carried} | ${wrong.filter((one) => one.kind === kind).length} |`
})
const table = ['| edit | made | carried over | looked at | wrong |', '|---|---:|---:|---:|---:|', ...rows]
say([...table, `${held.length} of ${cases.length} carried over, ${wrong.length} wrong`].join('\n'))
for (const { number, kind, paths } of wrong) say(`WRONG ${number}: ${kind}: ${paths.join(', ')}`)
writeFileSync(join(work, 'cases.json'), JSON.stringify(cases, undefined, 1))
if (wrong.length > 0) process.exitCode = 1

/** Everything that a check says and that evidence holds, but for what is of one commit or one run. */
function look(workDir: string, more: readonly string[]): { readonly text: string; readonly seconds: number } {
  const started = performance.now()
  const output = join(work, 'evidence')
  rmSync(output, { recursive: true, force: true })
  const where = ['--config', config, '--source', repository, '--variant', variant, '--work-dir', workDir]
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, [options.cli, ...args, ...where, ...more], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
  const collected = run(['collect', '--output', output])
  if (collected.status !== 0)
    return { text: collected.stdout + collected.stderr, seconds: secondsSince(started) }
  const part = (name: string): string => {
    const path = join(output, variant, name)
    return existsSync(path) ? readFileSync(path, 'latin1') : ''
  }
  const { build, notes, symvers } = JSON.parse(part('evidence.json')) as Record<string, unknown>
  const text = JSON.stringify([
    build,
    notes,
    symvers,
    ...['Module.symvers', 'symtypes.gz', 'layouts.gz'].map(part),
  ])
  return { text, seconds: secondsSince(started) }
}

function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 1000)
}

function git(...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'gc.auto=0']
  return execFileSync('git', ['-C', repository, ...who, ...args], {
    encoding: 'utf8',
    env,
    maxBuffer: 2 ** 28,
  }).trim()
}

function tryGit(...args: readonly string[]): boolean {
  try {
    git(...args)
    return true
  } catch {
    return false
  }
}

function commit(subject: string): string {
  git('add', '--all', '--force')
  git('commit', '--quiet', '--allow-empty', '-m', subject)
  return git('rev-parse', 'HEAD')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
