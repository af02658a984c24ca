/**
 * Tells what in a linker script takes the section of an export to where no table of exports is: a pattern that matches it
 * outside of the table's own output section, or a table that does not take all. Source of the syntax: the manual of GNU ld,
 * "Input Section Description"; of the tables: include/asm-generic/vmlinux.lds.h and scripts/module.lds.S.
 * @param complete the script must have a table for every export; one for modules may leave them to another script
 * @returns what was found, to be quoted; undefined when every export keeps its place
 */
export function sectionDrop(
  script: string,
  symbols: readonly string[],
  complete: boolean,
): string | undefined {
  const text = script.replace(/\/\*[^]*?\*\//g, ' ').replace(/^#.*$/gm, '')
  const tables = new Set<string>()
  for (const { name, body } of outputSections(text)) {
    const flat = body.replace(/\s+/g, '')
    const table = /^__k(?:symtab|crctab)(?:_gpl|_gpl_future|_unused|_unused_gpl)?$/.test(name)
    if (table) {
      if (!takesAll(flat, name)) return `${name} : { ${body.trim().slice(0, 100)} }`
      tables.add(name)
      continue
    }
    for (const pattern of patternsOf(body)) {
      if (pattern === '.export_symbol' || (pattern === '__ksymtab_strings' && name === pattern)) continue
      if (matchesExport(pattern, symbols)) return `${name} : { *(${pattern}) }`
    }
  }
  const missing = complete && symbols.length > 0 && !(tables.has('__ksymtab') && tables.has('__ksymtab_gpl'))
  return missing ? 'it has no tables __ksymtab and __ksymtab_gpl' : undefined
}

interface OutputSection {
  readonly name: string
  readonly body: string
}

/** `NAME ... : ... { BODY }`, wherever it stands; bodies have no braces of their own. */
function outputSections(text: string): readonly OutputSection[] {
  return [...text.matchAll(/([^{};]*)\{([^{}]*)\}/g)].map(([, head = '', body = '']) => ({
    name: /(\S+)[^:]*:/.exec(head.trim())?.[1] ?? head.trim(),
    body,
  }))
}

/** True for `start = .; KEEP(*(SORT(___ksymtab+*))) stop = .;` */
function takesAll(body: string, name: string): boolean {
  const set = String.raw`(?:(?:PROVIDE\()?[\w.]+=(?:\.|ALIGN\(\w+\))\)?;)*`
  const input = String.raw`(?:KEEP\()?\*\((?:SORT\w*\()?_${name}\+\*\)+`
  return new RegExp(`^${set}${input};?${set}$`).test(body)
}

/** Patterns of input sections: what stands in parentheses, but for names of functions and files. Assignments have none. */
function patternsOf(body: string): readonly string[] {
  const patterns: string[] = []
  const descriptions = body.replace(/[\w.$]+\s*(?:[-+*/&|]|<<|>>)?=[^;]*;/g, ' ')
  const words = (descriptions.match(/"[^"]*"|[^\s()",;]+|[()]/g) ?? []).map((word) => word.replace(/"/g, ''))
  let depth = 0
  for (const [at, word] of words.entries()) {
    if (word === '(') depth++
    else if (word === ')') depth--
    else if (depth > 0 && words[at + 1] !== '(') patterns.push(word)
  }
  return patterns
}

function matchesExport(pattern: string, symbols: readonly string[]): boolean {
  const wild = /[*?[\\]/.test(pattern)
  if (!wild && !/^(?:___k|__ksymtab_strings$)/.test(pattern)) return false
  const glob = globOf(pattern)
  return (
    glob.test('__ksymtab_strings') ||
    ['___ksymtab+', '___ksymtab_gpl+', '___kcrctab+', '___kcrctab_gpl+'].some((table) =>
      symbols.some((symbol) => glob.test(`${table}${symbol}`)),
    )
  )
}

function globOf(pattern: string): RegExp {
  const source = [...pattern.matchAll(/\[!?[^\]]*\]|\\?[^]/g)].map(([part]) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    if (part.length > 2 && part.startsWith('[')) return part.replace(/\\/g, '\\\\').replace(/^\[!/, '[^')
    return part.replace(/^\\/, '').replace(/[^\w]/g, '\\$&')
  })
  return new RegExp(`^${source.join('')}$`)
}
