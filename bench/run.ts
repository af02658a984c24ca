import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compare } from '../src/abi/compare.ts'
import { parseSymvers } from '../src/abi/parse-symvers.ts'
import { parseWhitelist } from '../src/abi/parse-whitelist.ts'

/** How long the gate itself takes on kernels of 25,000 exports; every figure is the best of five. */

const rows = 25_000
const variants = 10
const cli = resolve(import.meta.dirname, '../dist/cli.js')

const work = mkdtempSync(join(tmpdir(), 'kabi-bench-'))
try {
  const released = symvers(() => false)
  const patched = symvers((index) => index % 50 === 0)
  writeFileSync(join(work, 'released'), released)
  writeFileSync(join(work, 'patched'), patched)
  const names = Array.from({ length: variants }, (_, index) => `variant${index}`)
  for (const name of names) {
    mkdirSync(join(work, 'whitelists', name), { recursive: true })
    writeFileSync(join(work, 'whitelists', name, 'kabi_whitelist'), released)
    writeFileSync(join(work, `${name}.symvers`), patched)
  }
  writeFileSync(
    join(work, 'kabi.yml'),
    `version: 1\nvariants:\n${names.map((name) => `  ${name}: { arch: x86_64, symvers: ${name}.symvers }\n`).join('')}`,
  )
  const whitelist = parseWhitelist(released, 'released').value
  const build = parseSymvers(patched, 'patched').value
  report('parse one Module.symvers, in process', () => parseSymvers(patched, 'patched'))
  report('parse one whitelist, in process', () => parseWhitelist(released, 'released'))
  report('compare, in process', () => compare(whitelist, build))
  report('kabi-gate compare, whole command', () => run('compare', 'released', 'patched', '--json'))
  report('kabi-gate check, ten variants, whole command', () => run('check', '--json'))
  report('node itself, starting and ending', () => execFileSync(process.execPath, ['-e', '0']))
} finally {
  rmSync(work, { recursive: true })
}

function run(...args: string[]): void {
  try {
    execFileSync(process.execPath, [cli, ...args], { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    // A break is what the data is made for; anything else is no measurement.
    if ((error as { status?: number }).status !== 1) throw error
  }
}

function report(what: string, body: () => unknown): void {
  const seconds = Array.from({ length: 5 }, () => {
    const start = performance.now()
    body()
    return (performance.now() - start) / 1000
  })
  console.log(
    `${Math.min(...seconds)
      .toFixed(3)
      .padStart(8)} s  ${what}`,
  )
}

function symvers(changed: (index: number) => boolean): string {
  return Array.from({ length: rows }, (_, index) => {
    const crc = (Math.imul(index + 1, 2654435761) ^ (changed(index) ? 0x55555555 : 0)) >>> 0
    const module =
      index % 3 === 0 ? 'vmlinux' : `drivers/net/ethernet/vendor${index % 700}/driver${index % 700}`
    return `0x${crc.toString(16).padStart(8, '0')}\tsome_exported_symbol_${index}\t${module}\tEXPORT_SYMBOL_GPL\t\n`
  }).join('')
}
