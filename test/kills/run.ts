import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { commands } from './commands.ts'
import { killAndRepeat, seeded } from './kill-and-repeat.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    command: { type: 'string' },
  },
})
const [seed, count] = [Number(values.seed), Number(values.count)]
const chosen = commands.filter(({ name }) => values.command === undefined || name === values.command)
const folder = mkdtempSync(join(tmpdir(), 'kabi-kills-'))
const faults = await killAndRepeat(folder, count, seeded(seed), chosen, (done, found) => {
  for (const { command, kill, what } of found) console.log(`${command}, killed ${kill}: ${what}`)
  if (done % 50 === 0) console.log(`${done} kills`)
})
rmSync(folder, { recursive: true, force: true })
console.log(`seed ${seed}: ${count} kills, ${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
