import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { evidenceFiles } from '../src/evidence/evidence-files.ts'
import { loadPlan } from '../src/config/load-plan.ts'
import { planDigest } from '../src/config/plan-digest.ts'
import { tool } from '../src/version.ts'
import { costOf } from './cost-of.ts'

/**
 * What it costs to judge the evidence of 256 variants with 25,000 exports each, of which 1,521 are protected: once with nothing
 * changed, once with all of them changed. KABI_LEGS gives another number of variants.
 */

const legs = Number(process.env['KABI_LEGS'] ?? 256)
const exportsOfLeg = 25_000
const protectedSymbols = 1_521
const bundle = resolve(import.meta.dirname, '../dist/cli.js')
const work = mkdtempSync(join(tmpdir(), 'kabi-bench-'))

const crcOf = (index: number) => (0x10000000 + index * 7919) >>> 0
const symbolOf = (index: number) => `kernel_subsystem_function_${index}`
const moduleOf = (index: number) =>
  index % 3 === 0 ? 'vmlinux' : `drivers/net/vendor${index % 97}/driver${index % 97}`
const row = (index: number, crc = crcOf(index)) =>
  `0x${crc.toString(16).padStart(8, '0')}\t${symbolOf(index)}\t${moduleOf(index)}\tEXPORT_SYMBOL_GPL\t\n`

try {
  const names = Array.from({ length: legs }, (_, index) => `variant${index}`)
  const list = Array.from({ length: protectedSymbols }, (_, index) => row(index * 16)).join('')
  for (const name of names) {
    mkdirSync(join(work, 'whitelists', name), { recursive: true })
    writeFileSync(join(work, 'whitelists', name, 'kabi_whitelist'), list)
  }
  const variants = names.map((name) => `  ${name}: { arch: x86_64, symvers: Module.symvers }\n`).join('')
  writeFileSync(join(work, 'kabi.yml'), `version: 1\nvariants:\n${variants}`)
  const { value: plan } = await loadPlan(undefined, work)
  if (!plan) throw new Error('the plan is not understood')
  for (const changed of [false, true]) {
    const evidence = join(work, changed ? 'changed' : 'same')
    const exports = Array.from({ length: exportsOfLeg }, (_, index) => ({
      symbol: symbolOf(index),
      crc: crcOf(index) + (changed ? 1 : 0),
      module: moduleOf(index),
      type: 'EXPORT_SYMBOL_GPL' as const,
      namespace: '',
      file: 'Module.symvers',
      line: index + 1,
    }))
    for (const variant of plan.variants) {
      const { value: files } = await evidenceFiles(
        {
          kind: 'evidence',
          variant: variant.name,
          symvers: { file: 'Module.symvers', exports },
          how: { strategy: 'prebuilt', seconds: 0 },
          notes: [],
        },
        { tool, plan: planDigest(variant, plan.folder) },
        new Set(),
      )
      mkdirSync(join(evidence, variant.name), { recursive: true })
      for (const [name, bytes] of files ?? []) writeFileSync(join(evidence, variant.name, name), bytes)
    }
    const args = ['judge', '--evidence', evidence, '--source', work, '--output', join(work, 'report.json')]
    const { seconds, megabytes, code } = costOf(bundle, args, work)
    const { size } = statSync(join(work, 'report.json'))
    console.log(
      `${seconds.toFixed(1).padStart(6)} s of processor time ${String(megabytes).padStart(5)} MB  ${(size / 1e6).toFixed(0)} MB of JSON  exit ${code}: ${legs} legs, ${changed ? protectedSymbols : 0} symbols changed`,
    )
  }
} finally {
  rmSync(work, { recursive: true })
}
