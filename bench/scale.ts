import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadPlan } from '../src/config/load-plan.ts'
import { planDigest } from '../src/config/plan-digest.ts'
import { costOf } from './cost-of.ts'

/**
 * Measures what a pull request costs that 256 variants of real size have evidence for: the partial clone, what the evidence weighs, and
 * the two short jobs. The evidence of one variant is collected and stands for all. KABI_LEGS gives another number.
 * Usage: npm run bench:scale -- KERNEL-TREE
 */
const [tree] = process.argv.slice(2)
if (tree === undefined) throw new Error('usage: npm run bench:scale -- KERNEL-TREE')
const dist = resolve(import.meta.dirname, '../dist')
const family = resolve(import.meta.dirname, '../whitelists/debian-12/amd64')
const names = Array.from({ length: Number(process.env['KABI_LEGS'] ?? 256) }, (_, leg) => `variant${leg}`)
const work = mkdtempSync(join(tmpdir(), 'kabi-bench-'))
const [linux, evidence, partial] = ['linux', 'evidence', 'partial'].map((name) => join(work, name)) as [
  string,
  string,
  string,
]

try {
  const base = release()
  await collect(base)
  appendFileSync(join(linux, 'drivers/net/ethernet/intel/e1000e/netdev.c'), '/* Explains nothing. */\n')
  const head = commit('a patch of a driver')
  clone(base, head)
  const where = ['--source', partial, '--config', join(partial, 'kabi.yml')]
  const judging = ['--evidence', evidence, '--expect-commit', head, '--baseline-ref', base]
  const outputs = join(work, 'outputs')
  writeFileSync(outputs, '')
  cost('plan, which variants have to look', 'index.js', [], {
    ...{ INPUT_COMMAND: 'plan', INPUT_SOURCE: 'partial', 'INPUT_BASELINE-REF': base },
    ...{ 'INPUT_EXPECT-COMMIT': head, 'INPUT_EARLIER-RUN': '1', 'INPUT_EARLIER-EVIDENCE': 'evidence' },
    ...{ GITHUB_WORKSPACE: work, GITHUB_OUTPUT: outputs, GITHUB_EVENT_NAME: 'pull_request' },
  })
  const text = readFileSync(outputs, 'utf8')
  if (!text.slice(text.lastIndexOf('matrix<<')).includes('{"include":[]}'))
    throw new Error('some variants have to look')
  cost('judge', 'cli.js', ['judge', ...where, ...judging])
} finally {
  // git may still tidy up in the background.
  rmSync(work, { recursive: true, maxRetries: 5 })
}

/** The tree with a whitelist for each variant, as one commit. */
function release(): string {
  execFileSync('cp', ['-a', resolve(tree ?? ''), linux])
  for (const name of ['.git', '.gitignore']) rmSync(join(linux, name), { recursive: true, force: true })
  const set = '{ MODULE_SIG_KEY: certs/signing_key.pem, SYSTEM_TRUSTED_KEYS: "" }'
  const variants = names.map((name) => `  ${name}: { arch: x86_64, config: whitelists/${name}/config.gz }\n`)
  writeFileSync(
    join(linux, 'kabi.yml'),
    `version: 1\nwhitelists: whitelists\ndefaults: { config: { set: ${set} } }\nvariants:\n${variants.join('')}`,
  )
  for (const name of names) {
    const folder = join(linux, 'whitelists', name)
    cpSync(family, folder, { recursive: true })
    const record = readFileSync(join(family, 'baseline.yml'), 'utf8')
    writeFileSync(join(folder, 'baseline.yml'), record.replace(/^variant: .*$/m, `variant: ${name}`))
  }
  execFileSync('git', ['-C', linux, 'init', '--quiet'])
  for (const name of [
    'uploadpack.allowFilter=true',
    'uploadpack.allowAnySHA1InWant=true',
    'maintenance.auto=false',
  ])
    execFileSync('git', ['-C', linux, 'config', ...name.split('=')])
  execFileSync('git', ['-C', linux, 'add', '--all', '--force'])
  return commit('release')
}

function commit(message: string): string {
  const who = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org']
  execFileSync('git', ['-C', linux, ...who, 'commit', '--quiet', '--all', '-m', message])
  return execFileSync('git', ['-C', linux, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
}

/** Collects the first variant; the others get the same under their names. */
async function collect(base: string): Promise<void> {
  const [first = ''] = names
  const args = ['collect', '--source', linux, '--variant', first, '--baseline-ref', base]
  const where = [
    '--output',
    evidence,
    '--work-dir',
    join(work, 'build'),
    '--jobs',
    String(availableParallelism()),
  ]
  execFileSync(process.execPath, [join(dist, 'cli.js'), ...args, ...where], { stdio: 'ignore', cwd: linux })
  const record = join(evidence, first, 'evidence.json')
  const text = readFileSync(record, 'utf8')
  const digests = await digestsOf()
  const mine = digests.get(first) ?? ''
  if (!text.includes(mine)) throw new Error('the digest of the plan is another one than the evidence has')
  for (const name of names.slice(1)) {
    cpSync(join(evidence, first), join(evidence, name), { recursive: true })
    const other = text
      .replaceAll(mine, digests.get(name) ?? '')
      .replace(`"variant": "${first}"`, `"variant": "${name}"`)
    writeFileSync(join(evidence, name, 'evidence.json'), other)
  }
  console.log(`${bytesOf(join(evidence, first))} of evidence for a variant`)
}

async function digestsOf(): Promise<ReadonlyMap<string, string>> {
  const { value: plan } = await loadPlan(undefined, linux)
  if (!plan) throw new Error('the plan is not understood')
  return new Map(plan.variants.map((variant) => [variant.name, planDigest(variant, plan.folder)]))
}

function clone(base: string, head: string): void {
  mkdirSync(partial)
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', partial, ...args], { stdio: 'ignore' })
  git('init', '--quiet')
  git('remote', 'add', 'origin', `file://${linux}`)
  for (const one of [base, head])
    git('fetch', '--quiet', '--no-tags', '--depth=1', '--filter=blob:none', 'origin', one)
  git('sparse-checkout', 'set', '--cone', '.github')
  git('checkout', '--quiet', '--detach', head)
  console.log(`${bytesOf(join(partial, '.git'))} of a partial clone of two commits`)
}

function bytesOf(folder: string): string {
  const text = execFileSync('du', ['-sb', folder], { encoding: 'utf8' })
  return `${(Number(text.split('\t')[0]) / 1e6).toFixed(1)} MB`
}

function cost(
  what: string,
  bundle: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): void {
  const started = performance.now()
  const machine = { PATH: process.env['PATH'], HOME: work }
  const { megabytes, code, output } = costOf(join(dist, bundle), args, work, { ...machine, ...env })
  const seconds = (performance.now() - started) / 1000
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${output}`)
  const size = bytesOf(join(partial, '.git'))
  console.log(`${what}: ${seconds.toFixed(1)} s, ${megabytes} MB of memory; the clone has ${size} now`)
}
