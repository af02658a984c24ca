import type { LayoutFinding } from '../../judge/finding.ts'
import { canDraw, layoutPicture } from './layout-picture.ts'
import type { Pictures } from './report-model.ts'
import { variantsInWords } from './variant-words.ts'

/** Types that are drawn in one section before the rest is only counted: one kernel may have thousands that moved. */
const mostPictures = 20

interface Group {
  readonly finding: LayoutFinding
  readonly variants: string[]
  readonly symbols: Set<string>
}

/**
 * Pictures of the types of some findings, each once for all variants in which it lies alike before and after.
 * @param all the variants that promise something
 * @returns one block, or none where there is nothing to draw
 */
export function pictureBlock(
  findings: readonly LayoutFinding[],
  all: readonly string[],
): readonly Pictures[] {
  const groups = new Map<string, Group>()
  for (const finding of findings) {
    const { name, digest, layout, variant, symbols } = finding
    if (!canDraw(layout)) continue
    const key = JSON.stringify([name, digest.before, digest.after])
    const group = groups.get(key)
    if (group) group.variants.push(variant)
    else groups.set(key, { finding, variants: [variant], symbols: new Set(symbols) })
    for (const symbol of symbols) group?.symbols.add(symbol)
  }
  if (groups.size === 0) return []
  const items = [...groups.values()].slice(0, mostPictures).flatMap(({ finding, variants, symbols }) => {
    const picture = layoutPicture(finding)
    return picture
      ? [{ ...picture, where: variantsInWords(variants, all), symbols: [...symbols].sort() }]
      : []
  })
  return [{ kind: 'pictures', items, left: groups.size - items.length }]
}
