import { nothing, spliced, type Draft, type Maker, type Splice, type Workshop } from './draft.ts'
import { exportReplaced, exportSites } from './export-sites.ts'
import { firstOf, membersOf, typeSites, type TypeSite } from './type-sites.ts'

/** Edits after which every checksum has to be as before, and every export too. */

function harmless(workshop: Workshop, what: string, file: string, ...splices: readonly Splice[]): Draft {
  return { what: `${file}: ${what}`, edits: [spliced(workshop.source, file, ...splices)], expected: nothing }
}

/** A kind that edits a line of a structure that protected symbols reach, and says nothing new with it. */
function memberInOtherWords(what: string, write: (line: string) => string | undefined): Maker {
  return (workshop) =>
    firstOf(typeSites(workshop, 'su'), (site) =>
      firstOf(workshop.random.shuffled(membersOf(workshop, site)), ({ start, end, text }) => {
        const now = write(text)
        if (now === undefined || now === text) return undefined
        return harmless(workshop, `${site.title}: ${what}`, site.place.file, { start, end, text: now })
      }),
    )
}

export const comment = memberInOtherWords('a comment', (line) => {
  return `\t/* struct kabi_mutation { int x; }; */\n${line}\t// kabi_mutation;`
})

export const whitespace = memberInOtherWords('other white space', (line) => {
  const body = line.split('/*')[0] ?? ''
  return body.trim().replace(/\s+/g, ' \t \\\n  ') + line.slice(body.length)
})

export const blankLines = memberInOtherWords('blank lines', (line) => `\n\n${line}\n\n`)

/** A file that holds protected functions, and the offset behind its last #include at the start of a line. */
function sourceFiles({ source, symbols, random }: Workshop): readonly { file: string; at: number }[] {
  const files = new Set([...symbols.values()].map(({ object }) => `${object}.c`))
  return random.shuffled([...files].sort()).flatMap((file) => {
    if (!source.exists(file)) return []
    const text = source.read(file)
    const at = text.length
    return text.endsWith('\n') ? [{ file, at }] : []
  })
}

function appended(what: string, text: string): Maker {
  return (workshop) =>
    firstOf(sourceFiles(workshop), ({ file, at }) => {
      return harmless(workshop, what, file, { start: at, end: at, text })
    })
}

export const staticFunction = appended(
  'a static function',
  '\nstatic int __maybe_unused kabi_mutation(struct device *dev, int x)\n{\n\treturn x;\n}\n',
)
export const newExport = appended(
  'a new export',
  '\nint kabi_mutation(int x);\nint kabi_mutation(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(kabi_mutation);\n',
)
export const privateStructure = appended(
  'a structure of its own',
  '\nstruct kabi_mutation {\n\tint x;\n};\nstatic struct kabi_mutation kabi_mutations[2] __maybe_unused;\n',
)

/** A statement more in the body of a function. */
export const body: Maker = (workshop) =>
  firstOf(sourceFiles(workshop), ({ file }) => {
    const code = workshop.source.code(file)
    const bodies = [...code.matchAll(/^(?:static )?(?:int|void|bool) \w+\([^()]*\)\n\{\n/gm)]
    if (bodies.length === 0) return undefined
    const match = workshop.random.pick(bodies)
    const at = match.index + match[0].length
    return harmless(workshop, `a statement in ${match[0].split('(')[0] ?? ''}()`, file, {
      start: at,
      end: at,
      text: '\tpr_debug("kabi_mutation %d\\n", 1);\n',
    })
  })

/** Two neighbours of the list of includes change places; both stand for themselves. */
export const includeOrder: Maker = (workshop) =>
  firstOf(sourceFiles(workshop), ({ file }) => {
    const text = workshop.source.read(file)
    // Others lean on the first one: where it comes later, genksyms sees types cut short, and checksums do change.
    const head = text.indexOf('#include')
    const pairs = [
      ...text.matchAll(/^(#include <linux\/\w+\.h>)\n(?=(#include <linux\/\w+\.h>)\n)/gm),
    ].filter(({ index }) => index > head)
    if (pairs.length === 0) return undefined
    const { index, 1: first = '', 2: second = '' } = workshop.random.pick(pairs)
    return harmless(workshop, `${first} and ${second} change places`, file, {
      start: index,
      end: index + first.length + 1 + second.length,
      text: `${second}\n${first}`,
    })
  })

/** A field more in a structure that no protected symbol reaches, in a header that their objects read. */
export const unreachedStructure: Maker = (workshop) => {
  const { source, types, random } = workshop
  const reached = new Set(types.flatMap(({ definitions }) => [...definitions.keys()]))
  const read = new Set(typeSites(workshop, 's').map(({ place }) => place.file))
  const names = [...source.definitions].filter(([name, [place, ...others]]) => {
    const common = place !== undefined && read.has(place.file) && others.length === 0
    // Nothing can stand behind an array without a length.
    if (!common || source.code(place.file).slice(place.open, place.close).includes('[]')) return false
    return !reached.has(name) && source.uses(name.slice(2)) > 1 && name.startsWith('s#')
  })
  const [name, [place]] = random.pick(names)
  if (!place) return undefined
  return harmless(
    workshop,
    `struct ${name.slice(2)}: a field, but nothing protected reaches it`,
    place.file,
    {
      start: place.close,
      end: place.close,
      text: '\tint kabi_mutation;\n',
    },
  )
}

/** Something new in a header that protected symbols' objects read. */
function inHeader(what: string, text: string): Maker {
  return (workshop) =>
    firstOf(typeSites(workshop, 's'), (site: TypeSite) => {
      const { start, file } = site.place
      if (!file.startsWith('include/linux/')) return undefined
      return harmless(workshop, what, file, { start, end: start, text })
    })
}

export const newMacro = inHeader('a new macro', '#define KABI_MUTATION(x) ((x) + 1)\n')
export const newType = inHeader(
  'a new structure and enum',
  'struct kabi_mutation {\n\tint x;\n};\nenum kabi_mutations { KABI_MUTATION_A, KABI_MUTATION_B };\n',
)
export const newInline = inHeader(
  'a new inline function',
  'static inline int kabi_mutation(int x)\n{\n\treturn x + 1;\n}\n',
)

/** The names of parameters in a prototype. */
export const parameterNames: Maker = (workshop) => {
  const { source, symbols, random } = workshop
  return firstOf(random.shuffled([...symbols.values()]), ({ symbol }) => {
    for (const file of source.headersWith(symbol)) {
      const code = source.code(file)
      const pattern = new RegExp(`^[a-z_][\\w \\t*]*\\b${symbol}\\s*\\(([^(){};]*\\w[ \\t*]+\\w+)\\);`, 'm')
      const match = pattern.exec(code)
      const last = / \**(\w+)\);$/.exec(match?.[0] ?? '')?.[1]
      if (
        !match ||
        last === undefined ||
        /^(int|long|char|unsigned|void|bool|u8|u16|u32|u64|gfp_t)$/.test(last)
      )
        continue
      const end = match.index + match[0].length - 2
      const start = end - last.length
      if (source.read(file).slice(start, end) !== last) continue
      return harmless(workshop, `${symbol}(): another name for ${last}`, file, {
        start,
        end,
        text: 'kabi_mutation',
      })
    }
    return undefined
  })
}

export const helpText: Maker = (workshop) => {
  const { source, random } = workshop
  const files = ['block/Kconfig', 'drivers/pci/Kconfig', 'drivers/ptp/Kconfig', 'net/Kconfig', 'lib/Kconfig']
  return firstOf(random.shuffled(files), (file) => {
    const found = [...source.read(file).matchAll(/^\thelp\n\t {2}/gm)]
    if (found.length === 0) return undefined
    const { index, 0: text } = random.pick(found)
    const at = index + text.length
    return harmless(workshop, 'a help text', file, { start: at, end: at, text: 'It is said elsewhere. ' })
  })
}

/** The same export by other characters. */
export const exportInOtherWords: Maker = (workshop) =>
  firstOf(exportSites(workshop), (site) => {
    const { symbol, suffix } = site
    const text = workshop.random.pick([
      `EXPORT_SYM\\\nBOL${suffix}(${symbol});`,
      `EXPORT_SYMBOL${suffix}/* ours */( ${symbol} );`,
      `#if 1\n${site.text}\n#endif`,
      `#line 1 "kabi_mutation"\n${site.text}`,
    ])
    const what = `${symbol}: exported by "${text.replaceAll('\n', '⏎')}"`
    return { what, edits: [exportReplaced(workshop, site, text)], expected: nothing, compile: [site.object] }
  })

/** For everyone instead of GPL-only: nothing is taken away. */
export const exportLoosened: Maker = (workshop) =>
  firstOf(exportSites(workshop), (site) => {
    if (site.suffix !== '_GPL') return undefined
    const edits = [exportReplaced(workshop, site, `EXPORT_SYMBOL(${site.symbol});`)]
    return { what: `${site.symbol}: no longer GPL-only`, edits, expected: nothing }
  })
