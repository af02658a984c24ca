import type { Command } from 'commander'
import { gather } from './report-options.ts'
import { UsageError } from './usage-error.ts'

/**
 * Makes the options of a command refuse to be given a second time, but for those that gather their values: the last of two
 * values must not silently be the one that counts.
 */
export function refuseRepeated(command: Command): void {
  for (const option of command.options) {
    if (option.variadic || option.parseArg === gather) continue
    let given = false
    command.on(`option:${option.name()}`, () => {
      if (given) throw new UsageError(`${option.long ?? option.flags} was given twice`, 'Give it once.')
      given = true
    })
  }
}
