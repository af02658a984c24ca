import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killAndRepeat, seeded } from './kill-and-repeat.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '1000' } },
})
const [seed, count] = [Number(values.seed), Number(values.count)]
const folder = mkdtempSync(join(tmpdir(), 'kabi-kills-'))
const faults = await killAndRepeat(folder, count, seeded(seed), (done, bad) => {
  if (done % 50 === 0) console.log(`${done} kills, ${bad} faults`)
})
rmSync(folder, { recursive: true, force: true })
for (const { command, kill, what } of faults) console.log(`${command}, killed ${kill}: ${what}`)
console.log(`seed ${seed}: ${count} kills, ${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
