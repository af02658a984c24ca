import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Measures what a patch costs after the release was checked once, beside that first run: a patch of a driver, one of a header that some
 * twenty objects read, and the whole check in another checkout that got nothing but the results of objects. All in one run, one after
 * the other. Usage: npm run bench:patch -- KERNEL-TREE [VARIANT of whitelists/debian-12 ...]
 */
const [tree, ...variants] = process.argv.slice(2)
if (tree === undefined) throw new Error('usage: npm run bench:patch -- KERNEL-TREE [VARIANT ...]')
const cli = resolve(import.meta.dirname, '../dist/cli.js')
const config = resolve(import.meta.dirname, '../whitelists/debian-12/kabi.yml')
const work = mkdtempSync(join(tmpdir(), 'kabi-bench-'))
const linux = join(work, 'linux')

const driver = 'drivers/net/ethernet/intel/e1000e/netdev.c'
const header = 'include/linux/bpf.h'

try {
  release()
  seconds('cold', () => check(linux, 'first'))
  seconds('nothing changed', () => check(linux, 'first'))
  patch(driver, (text) => `${text}/* Explains nothing. */\n`)
  for (const time of ['first', 'again'])
    seconds(`after a patch of ${driver}, ${time}`, () => check(linux, 'first'))
  patch(header, (text) => text.replace(/#endif[^\n]*\n*$/, 'struct kabi_bench { int field; };\n$&'))
  seconds(`after a patch of ${header}`, () => check(linux, 'first'))
  execFileSync('git', ['-C', linux, 'reset', '--quiet', '--hard', 'HEAD~2'])
  const other = join(work, 'other')
  execFileSync('git', ['clone', '--quiet', '--shared', linux, other])
  for (const variant of readdirSync(join(work, 'first'))) {
    const results = join(variant, 'exports/results')
    if (existsSync(join(work, 'first', results)))
      cpSync(join(work, 'first', results), join(work, 'second', results), { recursive: true })
  }
  seconds('another checkout, with results', () => check(other, 'second'))
} finally {
  rmSync(work, { recursive: true })
}

/** The tree as one commit. */
function release(): void {
  execFileSync('cp', ['-a', resolve(tree ?? ''), linux])
  rmSync(join(linux, '.git'), { recursive: true, force: true })
  rmSync(join(linux, '.gitignore'), { force: true })
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', linux, '-c', 'user.name=Bench', '-c', 'user.email=bench@example.org', ...args])
  git('init', '--quiet')
  git('add', '--all', '--force')
  git('commit', '--quiet', '-m', 'release')
}

function patch(file: string, change: (text: string) => string): void {
  const path = join(linux, file)
  writeFileSync(path, change(readFileSync(path, 'utf8')))
  const who = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org']
  execFileSync('git', ['-C', linux, ...who, 'commit', '--quiet', '-am', `change ${file}`])
}

function check(source: string, folder: string): void {
  const asked = variants.flatMap((variant) => ['--variant', variant])
  const args = ['check', '--config', config, '--source', source, '--work-dir', join(work, folder), ...asked]
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 1e9 })
  // A break is an answer too; anything else is no measurement.
  if (status !== 0 && status !== 1) throw new Error(`kabi-gate ended with ${status}: ${stderr}`)
}

function seconds(what: string, body: () => void): void {
  const start = performance.now()
  body()
  const time = (performance.now() - start) / 1000
  console.log(`${time.toFixed(1).padStart(8)} s  ${what}`)
}
