import { formatCrc } from '../../abi/export.ts'
import { requestFence, requestVersion } from '../parse-request.ts'
import type { RequestedInVariant, RequestedSymbol } from '../request.ts'
import { markdownCode, markdownText } from '../../report/escape.ts'
import { markdownTable } from '../../report/markdown/markdown-table.ts'
import { printJson } from '../../report/json/print-json.ts'
import { counted } from '../../report/words.ts'

/** A request for symbols, and what it is about, as a report names it. */
interface ModuleRequestReport {
  readonly symbols: readonly RequestedSymbol[]
  /** Names of the modules that were looked at. */
  readonly modules: readonly string[]
  readonly kernel: string | undefined
  readonly whitelist: string
}

/**
 * A request for symbols as the body of one issue in Markdown: for people a section for each symbol, and at the end the
 * data that `whitelist update --request` takes (`parseRequest`).
 */
export function renderModuleRequest({ symbols, modules, kernel, whitelist }: ModuleRequestReport): string {
  const data = {
    request: requestVersion,
    approvedBy: null,
    symbols: symbols.map(({ symbol, section }) => ({ symbol, section })),
  }
  const parts = [
    `# Request: ${counted(symbols.length, 'symbol')} for the kernel’s ABI whitelist`,
    [
      `* Modules: ${modules.map((name) => markdownCode(name)).join(', ')}`,
      ...(kernel === undefined ? [] : [`* Kernel: ${markdownCode(kernel)}`]),
      `* Whitelist: ${markdownCode(whitelist)}`,
    ].join('\n'),
    ...symbols.map(symbolPart),
    '## For the maintainers of the whitelist',
    'To accept the request, remove the symbols that are refused from the data below, write a name after `approvedBy`, ' +
      'store this text as a file and run `kabi-gate whitelist update --request FILE`.',
    `${requestFence}\n${printJson(data)}\`\`\``,
  ]
  return parts.join('\n\n') + '\n'
}

function symbolPart({ symbol, uses, section, justification, variants }: RequestedSymbol): string {
  const users = uses.map(({ module, crc }) => {
    return (
      markdownCode(module) +
      (crc === undefined ? ' (built without a checksum)' : ` (built with \`${formatCrc(crc)}\`)`)
    )
  })
  const lines = [
    `* Used by: ${users.join(', ')}`,
    `* Proposed section: ${markdownCode(section)}`,
    `* Justification: ${justification === undefined ? '_to be filled in: what for, and why nothing protected does_' : markdownText(justification)}`,
  ]
  const table = markdownTable(
    ['variant', 'today', 'checksum'],
    variants.map(({ variant, state, crc }) => [
      markdownCode(variant),
      stateTexts[state],
      crc === undefined ? '' : `\`${formatCrc(crc)}\``,
    ]),
  )
  return [`## ${markdownCode(symbol)}`, lines.join('\n'), ...(variants.length > 0 ? [table] : [])].join(
    '\n\n',
  )
}

const stateTexts: Readonly<Record<RequestedInVariant['state'], string>> = {
  protected: 'on the whitelist',
  exported: 'exported',
  'not-exported': 'not exported',
  unknown: 'not known',
}
