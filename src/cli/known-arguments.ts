import { knownOption, renamed, withoutSynonyms } from '../config/other-names.ts'

/** A command line in the names of this release. */
interface KnownArguments {
  readonly args: readonly string[]
  /** About old names. */
  readonly notes: readonly string[]
}

/** Puts the commands and options of a command line under the names that they have here; values stay as they are. */
export function knownArguments(args: readonly string[], names = renamed): KnownArguments {
  const notes: string[] = []
  const end = args.includes('--') ? args.indexOf('--') : args.length
  // `stablelist create`, `help stablelist create`; a file of this name would stand further behind.
  const command = args[0] === 'help' ? 1 : 0
  const known = args.map((arg, at) => {
    if (at >= end) return arg
    if (at === command && !arg.startsWith('-')) return withoutSynonyms(arg)
    const [, option, value = ''] = /^(--[\w-]+)(=[^]*)?$/.exec(arg) ?? []
    if (option === undefined) return arg
    const { name, note } = knownOption(option, names)
    if (note !== undefined) notes.push(note)
    return name + value
  })
  return { args: known, notes }
}
