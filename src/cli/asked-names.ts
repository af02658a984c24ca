import { definitionName } from '../abi/explain/definition-title.ts'

/** What `explain` is asked about. */
interface AskedNames {
  readonly symbols: readonly string[]
  /** As genksyms writes them: `s#device`. */
  readonly types: readonly string[]
}

const keywords: ReadonlySet<string> = new Set(['struct', 'union', 'enum', 'typedef'])

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
    if (keywords.has(word) && next !== undefined) {
      types.push(definitionName(`${word} ${next}`))
      at++
    } else if (/^[suetE]#/.test(word)) types.push(word)
    else symbols.push(word)
  }
  return { symbols, types }
}
