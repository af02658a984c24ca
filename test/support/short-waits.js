// Loaded before a bundle (`node --import`): what it waits for between requests is written down, and not waited for.
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'
import timers from 'node:timers/promises'

timers.setTimeout = (milliseconds, value) => {
  appendFileSync(process.env['KABI_TEST_WAITS'], `${milliseconds}\n`)
  return Promise.resolve(value)
}
syncBuiltinESMExports()
