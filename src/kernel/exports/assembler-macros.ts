interface AssemblerMacro {
  readonly parameters: readonly { readonly name: string; readonly value: string }[]
  readonly body: readonly string[]
}

/** What may stand in macros of macros, and how many lines may come of one file. */
const deepest = 6
const mostLines = 20_000

const begin = /^\s*\.(macro|irp|rept)\s+(.*)$/
const end = /^\s*\.(?:endm|endr)\b/

/**
 * Replaces the macros of an assembler source (`.macro`, `.irp`) as the assembler does after the preprocessor, so that what
 * they give to exporting macros can be read. Conditions count as true.
 * @param code without comments and directives of the preprocessor
 */
export function withoutAssemblerMacros(code: string): string {
  if (!/^\s*\.(?:macro|irp)\b/m.test(code)) return code
  const macros = new Map<string, AssemblerMacro>()
  let left = mostLines
  const expand = (lines: readonly string[], depth: number): readonly string[] => {
    const result: string[] = []
    for (let at = 0; at < lines.length && left > 0; at++) {
      const line = lines[at] ?? ''
      left--
      const [, kind, rest = ''] = begin.exec(line) ?? []
      if (kind !== undefined) {
        const last = endOf(lines, at)
        const body = lines.slice(at + 1, last)
        at = last
        const [name = '', ...list] = rest.split(/[\s,]+/).filter((one) => one !== '')
        if (kind === 'macro') macros.set(name, { parameters: list.map(parameterOf), body })
        else {
          const turns =
            kind === 'irp' ? list.map((value) => replaced(body, new Map([[name, value]]))) : [body]
          if (depth < deepest) result.push(...turns.flatMap((turn) => expand(turn, depth + 1)))
        }
        continue
      }
      const uses = line.split(';').map((statement) => useIn(statement, macros))
      if (depth >= deepest || uses.every((use) => !use)) result.push(line)
      else
        for (const [index, use] of uses.entries())
          result.push(...(use ? expand(use, depth + 1) : [line.split(';')[index] ?? '']))
    }
    return result
  }
  return expand(code.split('\n'), 0).join('\n')
}

function endOf(lines: readonly string[], start: number): number {
  let depth = 1
  for (let at = start + 1; at < lines.length; at++) {
    if (begin.test(lines[at] ?? '')) depth++
    else if (end.test(lines[at] ?? '') && --depth === 0) return at
  }
  return lines.length
}

/** `reg`, `reg:req`, `size=8`. */
function parameterOf(text: string): { readonly name: string; readonly value: string } {
  const [, name = '', value = ''] = /^([\w$.]+)(?::\w+)?(?:=(.*))?/.exec(text) ?? []
  return { name, value }
}

/** The body of the macro that a statement uses, with its arguments: by place, or by name. */
function useIn(
  statement: string,
  macros: ReadonlyMap<string, AssemblerMacro>,
): readonly string[] | undefined {
  const [, name = '', rest = ''] = /^\s*(?:[\w$.]+:\s*)?([A-Za-z_.$][\w.$]*)\s*(.*)$/.exec(statement) ?? []
  const macro = macros.get(name)
  if (!macro) return undefined
  const given = rest.includes(',') ? rest.split(',') : rest.split(/\s+/)
  const byName = new Map(
    given.flatMap((one) => {
      const [, key, value = ''] = /^\s*([\w$]+)\s*=\s*(.*?)\s*$/.exec(one) ?? []
      return key === undefined ? [] : [[key, value] as const]
    }),
  )
  const byPlace = given.filter((one) => !/^\s*[\w$]+\s*=/.test(one)).map((one) => one.trim())
  const values = macro.parameters.map(({ name: key, value }, index) => {
    const own = byPlace[index]
    return [key, byName.get(key) ?? (own === undefined || own === '' ? value : own)] as const
  })
  return replaced(macro.body, new Map(values))
}

function replaced(body: readonly string[], values: ReadonlyMap<string, string>): readonly string[] {
  return body.map((line) =>
    line
      .replace(/\\([A-Za-z_$][\w$]*)/g, (all, name: string) => values.get(name) ?? all)
      .replace(/\\\(\)/g, ''),
  )
}
