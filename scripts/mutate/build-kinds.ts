import { dirname, basename } from 'node:path'
import { nothing, spliced, type Maker, type ProtectedSymbol, type Workshop } from './draft.ts'
import { exportDraft } from './export-sites.ts'
import { sitesOfObject, exportSites } from './export-sites.ts'
import { firstOf } from './type-sites.ts'

/** Edits of Makefiles that take objects out of the build or give them other options. */

/** A line of a Makefile that builds an object or goes into a folder. */
function makefileLine(
  { source }: Workshop,
  file: string,
  word: string,
): { start: number; end: number; text: string; after: string } | undefined {
  if (!source.exists(file)) return undefined
  const text = source.read(file)
  const escaped = word.replace(/[.+/]/g, '\\$&')
  const found = [...text.matchAll(new RegExp(`^.*(?<![\\w/.-])${escaped}(?![\\w.-]).*$`, 'gm'))]
  const [match, ...others] = found
  if (!match || others.length > 0 || match[0].startsWith('#') || !/=|^\s/.test(match[0])) return undefined
  const line = match[0]
  const after = line.replace(new RegExp(`[ \\t]*(?<![\\w/.-])${escaped}(?![\\w.-])`), '')
  return { start: match.index, end: match.index + line.length, text: line, after }
}

function symbolsIn({ symbols }: Workshop, holds: (object: string) => boolean): readonly ProtectedSymbol[] {
  return [...symbols.values()].filter(({ object }) => holds(object))
}

function objects({ symbols, random }: Workshop): readonly string[] {
  return random.shuffled([...new Set([...symbols.values()].map(({ object }) => object))].sort())
}

export const objectLeftOut: Maker = (workshop) =>
  firstOf(objects(workshop), (object) => {
    const file = `${dirname(object)}/Makefile`
    const line = makefileLine(workshop, file, `${basename(object)}.o`)
    if (!line) return undefined
    return exportDraft({
      what: `${file}: without ${basename(object)}.o`,
      edits: [spliced(workshop.source, file, { ...line, text: line.after })],
      kind: 'removed',
      symbols: symbolsIn(workshop, (other) => other === object),
      lines: [line.text, line.after],
    })
  })

/** Folders of which the build itself needs nothing. */
export const folderLeftOut: Maker = (workshop) => {
  const folders = objects(workshop).map((object) => dirname(object))
  return firstOf(folders, (folder) => {
    if (!folder.includes('/')) return undefined
    const file = `${dirname(folder)}/Makefile`
    const line = makefileLine(workshop, file, `${basename(folder)}/`)
    if (!line) return undefined
    return exportDraft({
      what: `${file}: without ${basename(folder)}/`,
      edits: [spliced(workshop.source, file, { ...line, text: line.after })],
      kind: 'removed',
      symbols: symbolsIn(workshop, (object) => object.startsWith(`${folder}/`)),
      lines: [line.text, line.after],
    })
  })
}

/** An option of the compiler puts every export of an object into a namespace. */
export const namespaceByMakefile: Maker = (workshop) =>
  firstOf(exportSites(workshop), (site) => {
    const all = sitesOfObject(workshop, site)
    const file = `${dirname(site.object)}/Makefile`
    if (!all || !workshop.source.exists(file)) return undefined
    const line = `CFLAGS_${basename(site.object)}.o += -DDEFAULT_SYMBOL_NAMESPACE=KABI_MUTATION`
    const end = workshop.source.read(file).length
    return exportDraft({
      what: `${file}: ${line}`,
      edits: [spliced(workshop.source, file, { start: end, end, text: `${line}\n` })],
      kind: 'namespace',
      symbols: all,
      lines: [line],
      compile: [site.object],
    })
  })

/**
 * Options that nothing selects, and that no header mentions, nor any of those that depend on them (as LIBFCOE in `net_device`):
 * only objects go with them, those that begin so.
 */
const options = [
  { option: 'NVME_FC', file: 'drivers/nvme/host/Kconfig', objects: 'drivers/nvme/host/fc' },
] as const

export const optionSwitchedOff: Maker = (workshop) =>
  firstOf(workshop.random.shuffled(options), ({ option, file, objects: prefix }) => {
    const text = workshop.source.read(file)
    const head = `config ${option}\n`
    const at = text.indexOf(head) + head.length
    const line = workshop.random.pick(['\tdepends on BROKEN', '\tdepends on !MODULES'])
    return exportDraft({
      what: `${file}: ${option} ${line.trim()}`,
      edits: [spliced(workshop.source, file, { start: at, end: at, text: `${line}\n` })],
      kind: 'removed',
      symbols: symbolsIn(workshop, (object) => object.startsWith(prefix)),
      lines: [line, head.trim()],
    })
  })

export const makefileComment: Maker = (workshop) => {
  const [object = ''] = objects(workshop)
  const file = `${dirname(object)}/Makefile`
  const end = workshop.source.read(file).length
  const edit = spliced(workshop.source, file, { start: end, end, text: '# nothing to see here\n' })
  return { what: `${file}: a comment`, edits: [edit], expected: nothing }
}
