import type { CauseLimits } from './cause-limits.ts'
import type { CauseView, Risk } from './explained.ts'
import {
  adviceOf,
  chainTitles,
  changesInWords,
  firstPlace,
  hasLayout,
  layoutWords,
  patchText,
  reachWords,
  reservedWords,
  riskWords,
} from './explanation-words.ts'
import { diffLines } from './text-diff.ts'
import { brief, briefVariant, hang, labelled, type Layout, type Paint } from './text-layout.ts'
import { counted } from './words.ts'

/** The colour of a risk. */
export function riskPaint(risk: Risk, { paint }: Layout): Paint {
  return { breaks: paint.red, 'may-break': paint.yellow, 'usually-harmless': paint.cyan }[risk]
}

/** One cause with all that helps to repair it, in the form of rustc's diagnostics. */
export function causeBlock(
  view: CauseView,
  total: number,
  all: readonly string[],
  limits: CauseLimits,
  layout: Layout,
): string[] {
  const { cause, number, title, risk, adviceAt } = view
  const { paint, width } = layout
  const color = riskPaint(risk, layout)
  const place = firstPlace(cause)
  const [first = '', ...others] = changesInWords(cause, brief)
  const { explanation, advice } = adviceOf(cause)
  const chain = chainTitles(cause)
  const patch = cause.patch ?? []
  const left = patch.length - mostPatchLines
  const remark = (label: string, text: string) => labelled(label, text, layout)
  return [
    ...hang(`cause ${number} of ${total}: `, `${brief(title)}: ${first}`, width, {
      label: (label) => paint.bold(color(label)),
      text: paint.bold,
    }),
    ...(place === undefined ? [] : [`${paint.blue('  -->')} ${brief(place)}`]),
    ...patch
      .slice(0, mostPatchLines)
      .map((line) => `${paint.blue('   |')} ${patchPaint(line.kind, layout)(brief(patchText(line)))}`),
    ...(left > 0 ? [paint.dim(`   … and ${counted(left, 'more line')} of the patch`)] : []),
    ...(cause.place && patch.length > 0
      ? remark('defined', brief(`${cause.place.file}:${cause.place.line}`))
      : []),
    ...others.flatMap((text) => remark('also', text)),
    ...remark('reach', reachWords(cause, all, briefVariant)),
    ...(chain.length > 1 ? remark('for example', chain.map((name) => brief(name)).join(' → ')) : []),
    ...(hasLayout(cause) ? remark('layout', layoutWords(cause.layout, brief)) : []),
    ...(cause.reserved ? remark('reserved', reservedWords(cause.reserved, brief)) : []),
    ...remark('risk', number === adviceAt ? `${riskWords[risk]}. ${explanation}` : `${riskWords[risk]}.`),
    ...remark('help', number === adviceAt ? advice : `as for cause ${adviceAt}.`),
    ...diffLines(view.diff, limits.diff, layout),
  ]
}

const mostPatchLines = 3

function patchPaint(kind: 'added' | 'removed', { paint }: Layout): Paint {
  return kind === 'added' ? paint.green : paint.red
}
