import type { Phase, Progress } from '../kernel/progress.ts'

const phaseTexts: Readonly<Record<Phase, string>> = {
  configure: 'configuring',
  prepare: 'preparing',
  count: 'counting objects',
  build: 'building',
  evaluate: 'computing checksums',
  read: 'reading checksums',
  finished: 'finished',
  failed: 'failed',
}

const barWidth = 24

/**
 * One line about a variant's progress, at most `width` characters:
 * `x86_64 building [######----] 311/735 objects, 4.1/s, net/core/dev.o`.
 * @param seconds how long the phase has been running
 */
export function progressLine(
  { variant, phase, done, total, item }: Progress,
  seconds: number,
  width: number,
): string {
  const parts = [`${variant} ${phaseTexts[phase]}`]
  if (phase === 'build' || phase === 'evaluate') {
    if (total !== undefined && total > 0)
      parts.push(` ${bar(Math.min(1, done / total))} ${done}/${total} objects`)
    else parts.push(` ${done} objects`)
    if (seconds >= 1) parts.push(`, ${(done / seconds).toFixed(1)}/s`)
    if (item !== undefined) parts.push(`, ${item}`)
  }
  if ((phase === 'finished' || phase === 'failed') && total !== undefined && total > 1)
    parts.push(`, ${done} of ${total} variants`)
  return parts.join('').slice(0, Math.max(20, width))
}

function bar(share: number): string {
  const full = Math.round(share * barWidth)
  return `[${'#'.repeat(full)}${'-'.repeat(barWidth - full)}]`
}
