// Preloaded with --import: ends the process with SIGKILL at the n-th time that it changes something in the file system, and writes
// into a file how often that is in all.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'

const at = Number(process.env.KILL_AT_WRITE)
const after = process.env.KILL_AFTER === 'yes'
let count = 0
const { writeFileSync } = fs
const { KILL_COUNT: report } = process.env
if (report) process.on('exit', () => writeFileSync(report, String(count)))

function killed() {
  process.kill(process.pid, 'SIGKILL')
  // The signal takes a moment; nothing more may happen.
  for (;;);
}

function counted(owner, name) {
  const original = owner[name]
  owner[name] = function (...args) {
    if (++count !== at) return original.apply(this, args)
    if (!after) killed()
    const result = original.apply(this, args)
    return result instanceof Promise ? result.then(killed) : killed()
  }
}

for (const name of ['writeFile', 'rename', 'link', 'rm', 'mkdir', 'mkdtemp', 'appendFile', 'unlink'])
  counted(fs.promises, name)
for (const name of ['writeSync', 'renameSync', 'mkdirSync', 'rmSync', 'writeFileSync', 'openSync'])
  counted(fs, name)
const handle = await fs.promises.open(process.execPath)
const prototype = Object.getPrototypeOf(handle)
await handle.close()
for (const name of ['writeFile', 'write', 'sync']) counted(prototype, name)
syncBuiltinESMExports()
