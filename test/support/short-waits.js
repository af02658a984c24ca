// Loaded before a bundle (`node --import`): what it waits for between requests is written down, and not waited for.
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'
import timers from 'node:timers/promises'

const really = timers.setTimeout

timers.setTimeout = (milliseconds, value, options) => {
  // Whoever wants to be told something waits for a program, not for a server.
  if (value !== undefined) return really(milliseconds, value, options)
  appendFileSync(process.env['KABI_TEST_WAITS'], `${milliseconds}\n`)
  return Promise.resolve(value)
}
syncBuiltinESMExports()
