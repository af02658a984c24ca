/** What `explain` is asked about. */
interface AskedNames {
  readonly symbols: readonly string[]
  /** As genksyms writes them: `s#device`. */
  readonly types: readonly string[]
}

const prefixes: Readonly<Record<string, string>> = { struct: 's', union: 'u', enum: 'e', typedef: 't' }

/**
 * Reads the arguments of a command line as symbols and types: `pci_enable_device`, `struct device` (as one argument or as
 * two), `s#device`.
 */
export function askedNames(args: readonly string[]): AskedNames {
  const words = args.flatMap((arg) => arg.trim().split(/\s+/)).filter((word) => word !== '')
  const symbols: string[] = []
  const types: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const next = words[at + 1]
    const prefix = prefixes[word]
    if (prefix !== undefined && next !== undefined) {
      types.push(`${prefix}#${next}`)
      at++
    } else if (/^[suetE]#/.test(word)) types.push(word)
    else symbols.push(word)
  }
  return { symbols, types }
}
