import { formatCrc } from '../../abi/export.ts'
import { groupBy } from '../../abi/group-by.ts'
import {
  requestFence,
  requestGroups,
  requestVersion,
  type RequestedInVariant,
  type RequestedSymbol,
  type RequestGroup,
  type Since,
} from '../request.ts'
import { markdownCode, markdownText } from '../../report/escape.ts'
import { markdownTable } from '../../report/markdown/markdown-table.ts'
import { jsonLine } from '../../report/json/print-json.ts'
import { counted, partOfVariants } from '../../report/words.ts'

/** A request for symbols, and what it is about, as a report names it. */
interface ModuleRequestReport {
  readonly symbols: readonly RequestedSymbol[]
  /** Names of the modules that were looked at. */
  readonly modules: readonly string[]
  readonly kernel: string | undefined
  readonly whitelist: string
}

/**
 * A request for symbols as the body of one issue in Markdown: for people one table and a justification for each group of
 * symbols, and at the end the data that `whitelist update --request` takes (`parseRequest`), a line for each symbol.
 */
export function renderModuleRequest({ symbols, modules, kernel, whitelist }: ModuleRequestReport): string {
  const parts = [
    `# Request: ${counted(symbols.length, 'symbol')} for the kernel’s ABI whitelist`,
    [
      `* Modules: ${names(modules)}`,
      ...(kernel === undefined ? [] : [`* Kernel: ${markdownCode(kernel)}`]),
      `* Whitelist: ${markdownCode(whitelist)}`,
    ].join('\n'),
    markdownTable(['symbol', 'section', 'used by, built with', 'today', 'since'], symbols.map(symbolRow)),
    '## Why',
    requestGroups(symbols).map(groupItem).join('\n'),
    '## For the maintainers of the whitelist',
    'To accept the request, store this text as a file, remove the symbols that are refused from the data below, and run ' +
      '`kabi-gate whitelist update --request FILE --issue NUMBER --reviewer NAME`.',
    dataBlock(symbols),
  ]
  return parts.join('\n\n') + '\n'
}

function dataBlock(symbols: readonly RequestedSymbol[]): string {
  const rows = symbols.map(({ symbol, section }) => `    ${jsonLine({ symbol, section })}`)
  return `${requestFence}
{
  "request": ${requestVersion},
  "approvedBy": null,
  "symbols": [
${rows.join(',\n')}
  ]
}
\`\`\``
}

function symbolRow({ symbol, section, uses, variants }: RequestedSymbol): readonly string[] {
  const users = groupBy(uses, ({ crc }) => (crc === undefined ? 'no checksum' : `\`${formatCrc(crc)}\``))
  const states = groupBy(variants, ({ state, crc }) => {
    return stateTexts[state] + (crc === undefined ? '' : ` \`${formatCrc(crc)}\``)
  })
  const since = groupBy(variants, (one) => sinceText(one.since))
  const of = (those: readonly RequestedInVariant[]) => variantNames(those, variants.length)
  return [
    markdownCode(symbol),
    markdownCode(section),
    [...users].map(([crc, those]) => `${names(those.map(({ module }) => module))} ${crc}`).join('; '),
    [...states].map(([text, those]) => `${text}: ${of(those)}`).join('; '),
    [...since].map(([text, those]) => (since.size === 1 ? text : `${text}: ${of(those)}`)).join('; ') ||
      unknown,
  ]
}

function groupItem({ section, users, justifications }: RequestGroup): string {
  const count = justifications.reduce((sum, { symbols }) => sum + symbols.length, 0)
  const what = `* Section ${markdownCode(section)}, ${counted(count, 'symbol')} used by ${names(users)}:`
  const why = justifications.map(({ text, symbols }) => ({
    symbols,
    text:
      text === undefined ? '_to be filled in: what for, and why nothing protected does_' : markdownText(text),
  }))
  const [only, ...others] = why
  if (only && others.length === 0) return `${what} ${only.text}`
  return [what, ...why.map(({ symbols, text }) => `  * ${names(symbols)}: ${text}`)].join('\n')
}

function names(some: readonly string[]): string {
  return some.map((name) => markdownCode(name)).join(', ')
}

function variantNames(some: readonly RequestedInVariant[], all: number): string {
  return some.length === all && all > 1 ? partOfVariants(all, all) : names(some.map(({ variant }) => variant))
}

const stateTexts: Readonly<Record<RequestedInVariant['state'], string>> = {
  protected: 'on the whitelist',
  exported: 'exported',
  'not-exported': 'not exported',
  unknown: 'not known',
}

const unknown = 'not known'

function sinceText(since: Since): string {
  switch (since.kind) {
    case 'promised':
      return `promised since minor release ${since.minor}`
    case 'from':
      return markdownCode(since.release)
    case 'at-latest':
      return `${markdownCode(since.release)} or earlier`
    case 'after':
      return `after ${markdownCode(since.release)}`
    case 'unknown':
      return unknown
  }
}
