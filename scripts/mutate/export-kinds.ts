import { nothing, spliced, type Maker, type Workshop } from './draft.ts'
import {
  beforeExport,
  exportDraft,
  exportReplaced,
  exportSites,
  sitesOfObject,
  type ExportEdit,
  type ExportSite,
} from './export-sites.ts'
import { firstOf } from './type-sites.ts'
import { reachedBy } from './stored-types.ts'

/** Edits of exports, plain ones and those that hide from a reader of the source text. */

type One = Pick<ExportEdit, 'kind' | 'lines'> & { readonly text: string; readonly orError?: boolean }

/** A kind that writes one export in another way. */
function rewritten(what: string, write: (site: ExportSite, workshop: Workshop) => One | undefined): Maker {
  return (workshop) =>
    firstOf(exportSites(workshop), (site) => {
      const one = write(site, workshop)
      return (
        one &&
        exportDraft({
          what: `${site.symbol}: ${what}`,
          edits: [exportReplaced(workshop, site, one.text)],
          kind: one.kind,
          symbols: [site],
          lines: one.lines,
          orError: one.orError ?? false,
          compile: [site.object],
        })
      )
    })
}

const plainOnly = (site: ExportSite, one: One): One | undefined => (site.suffix === '' ? one : undefined)

export const exportDeleted = rewritten('the export is deleted', ({ text }) => ({
  kind: 'removed',
  text: '',
  lines: [text],
}))

export const exportDisabled = rewritten('the export stands in #if 0', ({ text }) => ({
  kind: 'removed',
  text: `#if 0\n${text}\n#endif`,
  lines: ['#if 0', text],
}))

export const exportGpl = rewritten('the export is GPL-only', (site) => {
  const text = `EXPORT_SYMBOL_GPL(${site.symbol});`
  return plainOnly(site, { kind: 'export-type', text, lines: [text] })
})

export const exportNamespace = rewritten('the export is in a namespace', ({ symbol, suffix }) => {
  const text = `EXPORT_SYMBOL_NS${suffix}(${symbol}, KABI_MUTATION);`
  return { kind: 'namespace', text, lines: [text] }
})

/** Ways to write a directive that a reader of plain text does not take for one. */
const disguises: readonly ((directive: string, rest: string) => string)[] = [
  (directive, rest) => `%:${directive} ${rest}`,
  (directive, rest) => `#${directive}/**/ ${rest}`,
  (directive, rest) => `/* ours */ # /* */ ${directive} ${rest}`,
  (directive, rest) => `#${directive.slice(0, 3)}\\\n${directive.slice(3)} ${rest}`,
]

/** Every EXPORT_SYMBOL from one on means EXPORT_SYMBOL_GPL. */
export const macroGpl: Maker = (workshop) =>
  firstOf(exportSites(workshop), (site) => {
    const all = sitesOfObject(workshop, site)
    if (site.suffix !== '' || !all) return undefined
    const write = workshop.random.pick(disguises)
    const [undef, define] = [
      write('undef', 'EXPORT_SYMBOL'),
      write('define', 'EXPORT_SYMBOL(sym) EXPORT_SYMBOL_GPL(sym)'),
    ]
    return exportDraft({
      what: `${site.symbol} and what follows: ${define.replaceAll('\n', '⏎')}`,
      edits: [beforeExport(workshop, site, `${undef}\n${define}\n`)],
      kind: 'export-type',
      symbols: all.filter(({ suffix, start }) => suffix === '' && start >= site.start),
      lines: [...undef.split('\n'), ...define.split('\n')],
      compile: [site.object],
    })
  })

/** Every export of the file is in a namespace. */
export const macroNamespace: Maker = (workshop) =>
  firstOf(exportSites(workshop), (site) => {
    const all = sitesOfObject(workshop, site)
    if (!all || workshop.source.read(site.file).includes('DEFAULT_SYMBOL_NAMESPACE')) return undefined
    const write = workshop.random.pick([
      ...disguises,
      (directive: string, rest: string) => `#${directive}/* ours */${rest}`,
    ])
    const define = write('define', 'DEFAULT_SYMBOL_NAMESPACE KABI_MUTATION')
    return exportDraft({
      what: `${site.file}: ${define.replaceAll('\n', '⏎')}`,
      edits: [spliced(workshop.source, site.file, { start: 0, end: 0, text: `${define}\n` })],
      kind: 'namespace',
      symbols: all,
      lines: define.split('\n'),
      compile: [site.object],
    })
  })

/** Only genksyms sees the export: nothing is exported in truth. */
export const genksymsAlone = rewritten(
  'the export stands where __GENKSYMS__ is defined',
  (site, { random }) => {
    const { text } = site
    const head = random.pick([
      '#ifdef __GENKSYMS__',
      '%:ifdef __GENKSYMS__',
      '#if/**/defined(__GENKSYMS__)',
      '#ifdef __GENK\\\nSYMS__',
    ])
    return { kind: 'removed', text: `${head}\n${text}\n#endif`, lines: [...head.split('\n'), text] }
  },
)

/** From one export on, EXPORT_SYMBOL means nothing to the compiler. */
export const macroEmpty: Maker = (workshop) =>
  firstOf(exportSites(workshop), (site) => {
    const all = sitesOfObject(workshop, site)
    if (site.suffix !== '' || !all) return undefined
    const lines = ['#ifndef __GENKSYMS__', '#undef EXPORT_SYMBOL', '#define EXPORT_SYMBOL(sym)', '#endif']
    return exportDraft({
      what: `${site.symbol} and what follows: EXPORT_SYMBOL is empty for the compiler`,
      edits: [beforeExport(workshop, site, `${lines.join('\n')}\n`)],
      kind: 'removed',
      symbols: all.filter(({ suffix, start }) => suffix === '' && start >= site.start),
      lines,
      compile: [site.object],
    })
  })

/** The assembler skips the export. */
export const assemblerSkips = rewritten('asm(".if 0") around the export', ({ text }) => ({
  kind: 'removed',
  text: `asm(".if 0");\n${text}\nasm(".endif");`,
  lines: ['asm(".if 0");', text],
  orError: true,
}))

/** A line number that leads a reader to an export in `#if 0`. */
export const lineNumber: Maker = (workshop) =>
  firstOf(exportSites(workshop), (site) => {
    if (site.suffix !== '') return undefined
    const { source } = workshop
    const line = source.read(site.file).slice(0, site.start).split('\n').length + 1
    const gpl = `EXPORT_SYMBOL_GPL(${site.symbol});`
    return exportDraft({
      what: `${site.symbol}: GPL-only behind a #line that leads to the old export in #if 0`,
      edits: [exportReplaced(workshop, site, `#if 0\n${site.text}\n#endif\n#line ${line}\n${gpl}`)],
      kind: 'export-type',
      symbols: [site],
      lines: [gpl, '#if 0', `#line ${line}`],
      compile: [site.object],
    })
  })

/** Pasted or split words that only the preprocessor puts together. */
export const pastedGpl = rewritten('GPL-only by words that are put together', (site, { random }) => {
  const { symbol } = site
  const text = random.pick([
    `#define KABI_MUTATION(how, sym) EXPORT_SYMBOL_##how(sym)\nKABI_MUTATION(GPL, ${symbol});`,
    `EXPORT_SYM\\\nBOL_GPL(${symbol});`,
    `#define KABI_MUTATION EXPORT_SYMBOL_GPL\nKABI_MUTATION(${symbol});`,
  ])
  return plainOnly(site, { kind: 'export-type', text, lines: text.split('\n') })
})

/** Symbols that any object would give the same checksum: no structure, union or enum is behind them. */
function portable(workshop: Workshop): readonly ExportSite[] {
  return exportSites(workshop).filter((site) => {
    const types = workshop.types.find(({ object }) => object === site.object)
    return types && [...reachedBy(site.symbol, types)].every((name) => !/^[sue]#/.test(name))
  })
}

/** A function and its export move to another object; its body stays behind. */
function moved(sameModule: boolean): Maker {
  return (workshop) => {
    const { source, symbols, random } = workshop
    const objects = new Map([...symbols.values()].map(({ object, module }) => [object, module]))
    return firstOf(portable(workshop), (site) => {
      const targets = [...objects].filter(
        ([object, module]) =>
          object !== site.object && (module === site.module) === sameModule && source.exists(`${object}.c`),
      )
      const code = source.code(site.file)
      const pattern = new RegExp(`^([a-z_][\\w \\t*]*[ \\t*])${site.symbol}\\(([^(){};]*)\\)\\n\\{`, 'm')
      const found = pattern.exec(code)
      const [header, ...others] = source.headersWith(site.symbol)
      if (!found || !header || others.length > 0 || targets.length === 0) return undefined
      const declared = new RegExp(`^[a-z_][^;{}()#]*\\b${site.symbol}\\([^(){};]*\\);`, 'm').exec(
        source.code(header),
      )
      if (!declared) return undefined
      const [target] = random.pick(targets)
      const file = `${target}.c`
      const end = source.read(file).length
      const body = found[0].replace(/\{$/, '{\n\tfor (;;)\n\t\t;\n}')
      const text = `\n${declared[0]}\n${body}\n${site.text}\n`
      const edits = [exportReplaced(workshop, site, ''), spliced(source, file, { start: end, end, text })]
      const what = `${site.symbol}: moved to ${file}`
      if (sameModule) return { what, edits, expected: nothing }
      return exportDraft({ what, edits, kind: 'moved', symbols: [site], lines: [site.text] })
    })
  }
}

export const movedToModule = moved(false)
export const movedWithin = moved(true)

/** The compiler gets the export from another object, where genksyms computes no checksum; genksyms from the old one. */
export const exportedElsewhere: Maker = (workshop) =>
  firstOf(exportSites(workshop), (site) => {
    const { source, symbols, random } = workshop
    const others = [...symbols.values()].filter(
      ({ object, module }) =>
        object !== site.object && module === site.module && source.exists(`${object}.c`),
    )
    if (others.length === 0) return undefined
    const file = `${random.pick(others).object}.c`
    const end = source.read(file).length
    const half = Math.floor(site.symbol.length / 2)
    const [head, tail] = [site.symbol.slice(0, half), site.symbol.slice(half)]
    const pasting = [
      '#ifndef __GENKSYMS__',
      `long ${site.symbol}(long kabi_mutation) { return kabi_mutation; }`,
      '#define KABI_MUTATION(a, b) EXPORT_SYMBOL(a##b)',
      `KABI_MUTATION(${head}, ${tail});`,
      '#endif',
    ]
    const guarded = `#ifdef __GENKSYMS__\n${site.text}\n#endif`
    return exportDraft({
      what: `${site.symbol}: exported by ${file} for the compiler, by ${site.file} for genksyms`,
      edits: [
        exportReplaced(workshop, site, guarded),
        spliced(source, file, { start: end, end, text: `${pasting.join('\n')}\n` }),
      ],
      kind: 'unversioned',
      symbols: [site],
      lines: [...pasting, '#ifdef __GENKSYMS__'],
      orError: true,
    })
  })
