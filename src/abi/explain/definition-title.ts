const prefixes: Readonly<Record<string, string>> = {
  s: 'struct',
  u: 'union',
  e: 'enum',
  t: 'typedef',
  E: 'enumerator',
}

/** What a definition's name stands for, for a reader: `struct device`, `typedef u8`, `declaration of kobject_init`. */
export function definitionTitle(name: string): string {
  const prefix = name.charAt(1) === '#' ? prefixes[name.charAt(0)] : undefined
  return prefix === undefined ? `declaration of ${name}` : `${prefix} ${name.slice(2)}`
}

/** The name behind a title: `s#device` for `struct device`, however it is spaced. What is no title comes back as it is. */
export function definitionName(title: string): string {
  const words = title.trim().split(/\s+/)
  const [word = '', name] = words
  const prefix = Object.keys(prefixes).find((letter) => prefixes[letter] === word)
  if (words.length === 2 && prefix !== undefined) return `${prefix}#${name}`
  return /^declaration of (\S+)$/.exec(words.join(' '))?.[1] ?? title
}
