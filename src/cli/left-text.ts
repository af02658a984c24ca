import type { LeftToCollect } from '../gate/left-to-collect.ts'
import { alignColumns } from '../report/text/align-columns.ts'
import { counted } from '../report/words.ts'

/** Says of each variant whether it has to be collected, and why. */
export function leftText({ held, left }: LeftToCollect): string {
  const holding = held.map(({ variant, carried }) => [
    variant,
    'no',
    carried
      ? `evidence of ${carried.from.slice(0, 12)} holds, ${counted(carried.changed, 'file')} changed since`
      : 'there is evidence of this commit',
  ])
  const missing = left.map(({ variant, why }) => [variant, 'yes', why ?? 'there is no evidence'])
  return [...alignColumns([['VARIANT', 'COLLECT', 'BECAUSE'], ...holding, ...missing]), ''].join('\n')
}
