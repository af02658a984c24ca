import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { commandsFor } from '../../src/cli/commands.ts'
import { addCommands } from '../../src/cli/main.ts'
import { gather } from '../../src/cli/report-options.ts'
import { runMain } from './run-main.ts'

const program = new Command('kabi-gate')
addCommands(program, await commandsFor([]), () => undefined)

function* leaves(
  command: Command,
  path: readonly string[],
): Generator<readonly [readonly string[], Command]> {
  if (command.commands.length === 0) yield [path, command]
  for (const one of command.commands) yield* leaves(one, [...path, one.name()])
}

const options = [...leaves(program, [])].flatMap(([path, command]) =>
  command.options.map((option) => ({
    path,
    option,
    name: `${path.join(' ')} ${option.long ?? option.short}`,
  })),
)

/** With these, any other code would tell git bisect run that the commit is bad. */
const bisecting = new Set(['--bisect', '--symbol', '--type'])

/** A value that the option accepts. */
function valuesOf({ argChoices, long }: (typeof options)[number]['option']): readonly string[] {
  const value = argChoices?.[0] ?? (long === '--jobs' || long === '--days' ? '1' : 'x')
  return [value, value]
}

describe('an option given twice', () => {
  it('is looked at in every command', () => {
    expect(options.length).toBeGreaterThan(100)
  })

  it.each(options)(
    '$name takes both or is refused with exit code 2, or 128 in a bisection',
    async ({ path, option }) => {
      const several = option.variadic || option.parseArg === gather
      const flag = option.long ?? option.short ?? ''
      if (several) {
        const parse = option.parseArg as ((value: string, previous: unknown) => unknown) | undefined
        if (parse) expect(parse('b', parse('a', option.defaultValue))).toEqual(['a', 'b'])
        return
      }
      const words = valuesOf(option).flatMap((value) => (option.required ? [flag, value] : [flag]))
      const { code, stderr, stdout } = await runMain([...path, ...words], { cwd: '/' })
      expect(code).toBe(path[0] === 'check' && bisecting.has(flag) ? 128 : 2)
      expect(stdout).toBe('')
      expect(stderr).toContain(`${flag} was given twice`)
    },
  )
})
