/** A name that was changed. Keys of kabi.yml are not among them: they change with the version of its format. */
export interface Renamed {
  readonly in: 'option' | 'input'
  /** As it is written: `--old-name`, `old-name`. */
  readonly old: string
  readonly now: string
}

/**
 * Every old name that this release still understands. A row stays for the one release after the change.
 */
export const renamed: readonly Renamed[] = []

/** What a name is called here, and what to say about the name that was used. */
interface KnownName {
  readonly name: string
  /** Absent for a name that stays. */
  readonly note?: string
}

/** RHEL 8 and later call their whitelists stablelists: the word is understood in every name, for good. */
export function withoutSynonyms(name: string): string {
  return name.replaceAll('stablelist', 'whitelist')
}

/** The other way to write a name, undefined where there is none. */
export function synonymOf(name: string): string | undefined {
  return name.includes('whitelist') ? name.replaceAll('whitelist', 'stablelist') : undefined
}

/** The name that is meant by an option of a command line. */
export function knownOption(option: string, names: readonly Renamed[] = renamed): KnownName {
  const meant = withoutSynonyms(option)
  const change = names.find((one) => one.in === 'option' && one.old === meant)
  return change ? { name: change.now, note: noteOf(change) } : { name: meant }
}

/**
 * The value of an input of the action, under its own name or one that it had before.
 * @param valueOf gives an empty text for an input that is not there
 */
export function knownInput(
  name: string,
  valueOf: (name: string) => string,
  names: readonly Renamed[] = renamed,
): { readonly value: string; readonly note?: string } {
  const value = valueOf(name)
  if (value !== '') return { value }
  const change = names.find((one) => one.in === 'input' && one.now === name && valueOf(one.old) !== '')
  return change ? { value: valueOf(change.old), note: noteOf(change) } : { value }
}

function noteOf({ in: where, old, now }: Renamed): string {
  return `${where} ${old} is called ${now} now; the next release does not understand the old name`
}
