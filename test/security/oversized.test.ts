import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startForge } from '../action/forge.ts'
import { runMain } from '../action/run-main.ts'
import { kabiYml, released, whitelist, workspace } from '../support/workspace.ts'

const size = 100_000_000

/** Writes rows that are all well-formed, until there are 100 MB of them. */
function writeRows(path: string): void {
  const file = openSync(path, 'w')
  writeSync(file, released)
  let written = released.length
  for (let batch = 0; written < size; batch++) {
    const rows = Array.from(
      { length: 20_000 },
      (_, row) => `0x11111111\ts${batch}_${row}\tvmlinux\tEXPORT_SYMBOL\t\n`,
    )
    written += writeSync(file, rows.join(''))
  }
  closeSync(file)
}

it.each(['check', 'judge'])(
  '%s does not read a Module.symvers of 100 MB: an error, at once and without the memory',
  async (command) => {
    const folder = workspace({
      'whitelists/x86_64/kabi_whitelist': whitelist,
      'kabi.yml': kabiYml,
      'Module.symvers': released,
    })
    const step = async (inputs: Readonly<Record<string, string>>) =>
      runMain(await startForge(), { folder, inputs: { 'github-token': '', ...inputs } })
    await step({ command: 'collect', variant: 'x86_64' })
    writeRows(join(folder, command === 'judge' ? 'evidence/x86_64' : '', 'Module.symvers'))
    const before = process.memoryUsage().rss
    const started = performance.now()
    const run = await step({ command })
    expect([run.code, run.outputs.get('verdict')]).toEqual([3, 'error'])
    expect(run.stdout).toMatch(/more than the 16777216|larger than 16777216/)
    expect(process.memoryUsage().rss - before).toBeLessThan(size / 2)
    expect(performance.now() - started).toBeLessThan(10_000)
  },
)
