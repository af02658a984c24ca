import type { Phase, Progress } from '../kernel/progress.ts'

const phaseTexts: Readonly<Record<Phase, string>> = {
  names: 'looking up names',
  configure: 'configuring',
  prepare: 'preparing',
  count: 'counting objects',
  build: 'building',
  evaluate: 'computing checksums',
  layouts: 'reading layouts',
  widen: 'searching',
  read: 'reading checksums',
  explain: 'explaining',
  finished: 'finished',
  failed: 'failed',
}

const barWidth = 24

/**
 * One line about a variant's progress, at most `width` characters:
 * `x86_64 building [######----] 311/735 objects, 4.1/s, net/core/dev.o`.
 * @param seconds how long the phase has been running
 */
export function progressLine(progress: Progress, seconds: number, width: number): string {
  const { variant, phase, done, total, item } = progress
  const parts = [`${variant} ${phaseTexts[phase]}`]
  if (phase === 'build' || phase === 'evaluate' || phase === 'layouts') {
    if (total !== undefined && total > 0)
      parts.push(` ${bar(Math.min(1, done / total))} ${done}/${total} objects`)
    else parts.push(` ${done} objects`)
    if (seconds >= 1) parts.push(`, ${(done / seconds).toFixed(1)}/s`)
  } else if (phase === 'names' && total !== undefined)
    parts.push(` ${bar(done / total)} ${done}/${total} files`)
  if (phase === 'widen') parts.push(wider(progress))
  else if (phase === 'finished' || phase === 'failed') {
    if (total !== undefined && total > 1) parts.push(`, ${done} of ${total} variants`)
  } else if (seconds >= 1) parts.push(`, ${Math.floor(seconds)} s`)
  if (item !== undefined) parts.push(`, ${item}`)
  return parts.join('').slice(0, Math.max(20, width))
}

/** Why a search takes longer than others. */
function wider({ done, total, missing = [] }: Progress): string {
  const [first = '', ...others] = missing
  const rest = others.length === 0 ? '' : ` and ${others.length} more`
  const where = total === undefined ? 'the whole tree' : `${total} more objects`
  return ` ${where} for ${first}${rest}: not exported by the ${done} objects looked into so far`
}

function bar(share: number): string {
  const full = Math.round(share * barWidth)
  return `[${'#'.repeat(full)}${'-'.repeat(barWidth - full)}]`
}
