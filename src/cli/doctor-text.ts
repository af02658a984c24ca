import { createColors } from 'picocolors'
import { isHealthy, type Health, type VariantHealth } from '../doctor/doctor.ts'
import { aptCommand, dnfCommand } from '../kernel/needs/packages.ts'
import { alignColumns } from '../report/text/align-columns.ts'
import { printable } from '../report/escape.ts'
import { hang } from '../report/text/text-layout.ts'

/** The result of `doctor` for a terminal: a table for each variant, then how to install what is missing. */
export function renderHealth(
  health: Health,
  { color, width = 100 }: { readonly color: boolean; readonly width?: number },
): string {
  const paint = createColors(color)
  const blocks = [
    ...health.variants.map((variant) => variantBlock(variant, paint, width)),
    ...installBlocks(health.installation),
    [
      isHealthy(health)
        ? 'Nothing is missing. Next: kabi-gate check'
        : 'Something is missing; run this again when it is there.',
    ],
  ]
  return blocks.map((lines) => lines.join('\n') + '\n').join('\n')
}

type Paint = ReturnType<typeof createColors>

function variantBlock({ variant, strategy, examined }: VariantHealth, paint: Paint, width: number): string[] {
  if (strategy === undefined) return [`${paint.bold(variant)}: promises nothing, so nothing is needed`]
  const missing = examined.filter(({ state }) => state === 'missing').length
  const sum = missing === 0 ? 'everything is there' : `${missing} of ${examined.length} missing`
  // Of the tools that are there, a person wants the names at most.
  const present = examined.filter(({ kind, state }) => kind === 'tool' && state === 'ok')
  const rows = examined
    .filter((one) => !present.includes(one))
    .map(({ what, state, detail }) => [
      { text: state, paint: state === 'ok' ? paint.green : paint.red },
      what,
      printable(detail, 400),
    ])
  const names = present.map(({ what }) => what).join(' ')
  return [
    `${paint.bold(variant)}, strategy ${strategy}: ${sum}`,
    ...alignColumns(rows, '  '),
    ...(names === '' ? [] : hang('  ok       ', names, width, { label: paint.green, text: String })),
  ]
}

function installBlocks({ apt, dnf, notes }: Health['installation']): string[][] {
  const commands = [
    ...(apt.length > 0 ? [['Debian, Ubuntu:', aptCommand(apt)]] : []),
    ...(dnf.length > 0 ? [['Fedora, EL:', dnfCommand(dnf)]] : []),
  ]
  const lines = [...alignColumns(commands, '  '), ...notes.map((note) => `  note: ${note}`)]
  return lines.length === 0 ? [] : [['To install what is missing:', ...lines]]
}
