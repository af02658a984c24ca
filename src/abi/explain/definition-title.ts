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
