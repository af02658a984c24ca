import {
  linesOf,
  nothing,
  spliced,
  type Draft,
  type Edit,
  type ExpectedFinding,
  type ProtectedSymbol,
  type Workshop,
} from './draft.ts'

/** The line that exports a protected symbol. */
export interface ExportSite extends ProtectedSymbol {
  readonly file: string
  readonly start: number
  /** Before its newline. */
  readonly end: number
  readonly text: string
  /** What stands between EXPORT_SYMBOL and the bracket: nothing or `_GPL`. */
  readonly suffix: string
}

/** Lines that export one protected symbol each by EXPORT_SYMBOL or EXPORT_SYMBOL_GPL, in an order that the seed gives. */
export function exportSites({ source, symbols, random }: Workshop): readonly ExportSite[] {
  return random.shuffled(
    [...symbols.values()].flatMap((row) => {
      const file = `${row.object}.c`
      if (!source.exists(file)) return []
      const text = source.read(file)
      const found = [...text.matchAll(new RegExp(`^EXPORT_SYMBOL(_GPL)?\\(${row.symbol}\\);$`, 'gm'))]
      const [match, ...others] = found
      if (!match || others.length > 0) return []
      const [line, suffix = ''] = match
      return [{ ...row, file, start: match.index, end: match.index + line.length, text: line, suffix }]
    }),
  )
}

/** The sites of one object, when all its protected symbols are exported by such lines. */
export function sitesOfObject(workshop: Workshop, { object }: ExportSite): readonly ExportSite[] | undefined {
  const sites = exportSites(workshop).filter((site) => site.object === object)
  const rows = [...workshop.symbols.values()].filter((row) => row.object === object)
  return sites.length === rows.length ? sites : undefined
}

type Kind = ExpectedFinding['kind']

export interface ExportEdit {
  readonly what: string
  readonly edits: readonly Edit[]
  readonly kind: Kind
  readonly symbols: readonly ProtectedSymbol[]
  /** Texts of lines that a report may name beside those that the edit adds or takes away. */
  readonly lines: readonly string[]
  /** An error is as right as a break: text alone cannot tell. */
  readonly orError?: boolean
  readonly compile?: readonly string[]
}

export function exportDraft({ what, edits, kind, symbols, lines, orError, compile }: ExportEdit): Draft {
  return {
    what,
    edits,
    expected: {
      ...nothing,
      results: kind === 'moved' ? ['pass'] : orError ? ['break', 'error'] : ['break'],
      findings: symbols.map(({ symbol }) => ({ kind, symbol })),
      lines: linesOf(edits, lines),
    },
    ...(compile ? { compile } : {}),
  }
}

/** Another text in the place of the line that exports. */
export function exportReplaced({ source }: Workshop, site: ExportSite, text: string): Edit {
  return spliced(source, site.file, { start: site.start, end: site.end, text })
}

/** A text in front of the line that exports. */
export function beforeExport({ source }: Workshop, site: ExportSite, text: string): Edit {
  return spliced(source, site.file, { start: site.start, end: site.start, text })
}
