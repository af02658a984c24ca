import { spliced, type Draft, type Edit, type Maker, type ProtectedSymbol, type Workshop } from './draft.ts'
import { NotApplicable, type Rewrites, type Tokens } from './stored-types.ts'
import { firstOf, memberRewrite, typeDraft, typeSites, type TypeSite } from './type-sites.ts'

/** Edits of how exported functions are called, in their prototype and where they are defined. */

/** A declaration of a function: offsets of its first word, of its parameters without brackets, and of what follows. */
interface Signature {
  readonly file: string
  readonly start: number
  readonly paramsStart: number
  readonly paramsEnd: number
}

/** Declarations at the start of a line whose parameters hold no brackets, with the character behind them. */
function signatures(workshop: Workshop, file: string, symbol: string, end: ';' | '{'): readonly Signature[] {
  const code = workshop.source.code(file)
  const pattern = new RegExp(
    `^([a-z_][\\w \\t*\\n]*?[ \\t\\n*])${symbol}\\s*\\(([^(){};]*)\\)\\s*${end}`,
    'gm',
  )
  return [...code.matchAll(pattern)].flatMap((match) => {
    const [text, head = '', params = ''] = match
    if (/\b(static|inline|return|else)\b/.test(head)) return []
    const paramsStart = match.index + text.lastIndexOf('(') + 1
    return [{ file, start: match.index, paramsStart, paramsEnd: paramsStart + params.length }]
  })
}

interface FunctionSite extends ProtectedSymbol {
  readonly places: readonly Signature[]
}

/** Protected functions of which one header speaks once, and which one file defines. */
function functionSites(workshop: Workshop): readonly FunctionSite[] {
  const { source, symbols, random } = workshop
  return random.shuffled([...symbols.values()]).flatMap((row) => {
    const file = `${row.object}.c`
    if (!source.exists(file) || source.uses(row.symbol) > 1) return []
    const definitions = signatures(workshop, file, row.symbol, '{')
    const declared = source
      .headersWith(row.symbol)
      .flatMap((header) => signatures(workshop, header, row.symbol, ';'))
    if (definitions.length !== 1 || declared.length !== source.uses(row.symbol)) return []
    return [{ ...row, places: [...declared, ...definitions] }]
  })
}

function rewritesOf(
  { symbol, object }: ProtectedSymbol,
  rewrite: (tokens: Tokens, open: number, close: number) => Tokens,
): Rewrites {
  return new Map([
    [
      symbol,
      (tokens, types) => {
        if (types.object !== object) return tokens
        const open = tokens.indexOf(symbol) + 1
        let depth = 0
        const close = tokens.findIndex((token, at) => {
          if (at >= open) depth += Number(token === '(') - Number(token === ')')
          return at >= open && depth === 0
        })
        if (tokens[open] !== '(' || close < 0) throw new NotApplicable(symbol)
        return rewrite(tokens, open, close)
      },
    ],
  ])
}

function functionDraft(
  workshop: Workshop,
  what: string,
  edits: readonly Edit[],
  rewrites: Rewrites,
  classes: readonly string[],
): Draft | undefined {
  return typeDraft(workshop, { what, edits, rewrites, classes, lines: [], compiles: false })
}

export const argumentAdded: Maker = (workshop) =>
  firstOf(functionSites(workshop), (site) => {
    const edits = site.places.map(({ file, paramsStart, paramsEnd }) => {
      const params = workshop.source.read(file).slice(paramsStart, paramsEnd)
      const text = params.trim() === 'void' ? 'int kabi_mutation' : `${params}, int kabi_mutation`
      return spliced(workshop.source, file, { start: paramsStart, end: paramsEnd, text })
    })
    const rewrites = rewritesOf(site, (tokens, open, close) => {
      const none = tokens.slice(open + 1, close).join(' ') === 'void'
      const params = none ? ['int'] : [...tokens.slice(open + 1, close), ',', 'int']
      return [...tokens.slice(0, open + 1), ...params, ...tokens.slice(close)]
    })
    const draft = functionDraft(
      workshop,
      `${site.symbol}(): one more argument`,
      edits,
      rewrites,
      site.places.length > 0 ? ['argument-added'] : [],
    )
    return draft && isVoid(draft) ? undefined : draft
  })

/** `f(void)` to `f(int)` is another type of an argument as much as one more: no clear class. */
function isVoid({ edits }: Draft): boolean {
  return edits.some(({ after }) => after.includes('(int kabi_mutation'))
}

export const returnType: Maker = (workshop) =>
  firstOf(functionSites(workshop), (site) => {
    const pattern = /^((?:extern\s+)?)(void|int|bool)(\s)(?!\s*\*)/
    const other: Readonly<Record<string, string>> = { void: 'int', int: 'long', bool: 'int' }
    const edits = site.places.map(({ file, start, paramsStart }) => {
      const head = workshop.source.read(file).slice(start, paramsStart)
      const [text, extern = '', type = '', gap = ''] = pattern.exec(head) ?? []
      if (text === undefined || head.includes('*')) throw new NotApplicable(site.symbol)
      return spliced(workshop.source, file, {
        start,
        end: start + text.length,
        text: extern + (other[type] ?? '') + gap,
      })
    })
    const rewrites = rewritesOf(site, (tokens) => {
      const at = tokens[0] === 'extern' ? 1 : 0
      const word = (tokens[at] ?? '').replace(/^t#/, '')
      const now = other[word]
      if (now === undefined || tokens[at + 1] !== site.symbol) throw new NotApplicable(site.symbol)
      return [...tokens.slice(0, at), now, ...tokens.slice(at + 1)]
    })
    return functionDraft(workshop, `${site.symbol}(): another type returned`, edits, rewrites, [
      'return-type',
    ])
  })

/** Lines of a structure that hold one pointer to a function each, and no comment. */
export function operationLines(
  { source }: Workshop,
  { place: { file, open, close } }: TypeSite,
): readonly { readonly start: number; readonly end: number; readonly text: string; readonly name: string }[] {
  const code = source.code(file).slice(open, close)
  return [...code.matchAll(/^\t[\w \t*]+\(\*(\w+)\)\([^()\n]*\);$/gm)].flatMap((match) => {
    const start = open + match.index
    const [text, name = ''] = match
    const end = start + text.length
    return source.read(file).slice(start, end) === text ? [{ start, end, text, name }] : []
  })
}

/** An argument more for a function that a structure points to. */
export const operationArgument: Maker = (workshop) =>
  firstOf(typeSites(workshop, 's'), (site) => {
    const { source } = workshop
    const { file } = site.place
    return firstOf(workshop.random.shuffled(operationLines(workshop, site)), ({ start, text, name }) => {
      if (text.includes('(void)') || source.uses(name) > 1) return undefined
      const line = text.replace(/\);$/, ', int kabi_mutation);')
      return typeDraft(workshop, {
        what: `${site.title}: "${line.trim()}"`,
        edits: [spliced(source, file, { start, end: start + text.length, text: line })],
        // genksyms keeps no names of parameters.
        rewrites: memberRewrite(site, text, line.replace(' kabi_mutation', '')),
        classes: ['argument-added', 'field-retyped'],
        lines: [line],
        compiles: false,
      })
    })
  })
