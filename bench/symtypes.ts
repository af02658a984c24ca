import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { symtypesChecksums } from '../src/abi/symtypes-checksums.ts'

/**
 * Measures how fast checksums are computed from `.symtypes` files, reading included.
 * Usage: node --import tsx bench/symtypes.ts FOLDER [TIMES]
 *   FOLDER  is searched for `.symtypes` files: a kernel's build folder, after `make <object>.symtypes ...`
 *   TIMES   how often to go through all of them, for volume; 1 when absent
 */
const [folder, times = '1'] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node --import tsx bench/symtypes.ts FOLDER [TIMES]')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.symtypes'),
)

let read = 0
let bytes = 0
let checksums = 0
let problems = 0
const started = performance.now()
const before = process.cpuUsage()
for (let round = 0; round < Number(times); round++) {
  for (const file of files) {
    const content = readFileSync(join(folder, file))
    const result = symtypesChecksums(content, file)
    read++
    bytes += content.length
    checksums += result.value.size
    problems += result.problems.length
  }
}
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(before)

const megabytes = bytes / 1e6
console.log(`files      ${read}`)
console.log(`megabytes  ${megabytes.toFixed(1)}`)
console.log(`checksums  ${checksums}`)
console.log(`problems   ${problems}`)
console.log(`seconds    ${seconds.toFixed(2)} (processor ${((user + system) / 1e6).toFixed(2)})`)
console.log(`peak MiB   ${(process.resourceUsage().maxRSS / 1024).toFixed(0)}`)
