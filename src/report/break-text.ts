import type { Change } from '../abi/cause.ts'
import { definitionTitle } from '../abi/explain/definition-title.ts'
import type { Break } from '../judge/break.ts'
import { changeTexts } from './model/change-texts.ts'
import { findingTexts } from './model/finding-texts.ts'
import { counted, uncapital } from './words.ts'

/** What is broken, in part as somebody else wrote it: `struct device: field added, u64 cookie (12 symbols)`, or `kfree: symbol removed`. */
export function breakText(broken: Break): string {
  const { cause, change } = breakWords(broken)
  const what = `${cause}: ${change}`
  return broken.kind === 'symbol' ? what : `${what} (${counted(broken.symbols.length, 'symbol')})`
}

/** What broke, and how: `struct device` and `field added, u64 cookie`, or `kfree` and `symbol removed`. */
export function breakWords(broken: Break): { readonly cause: string; readonly change: string } {
  if (broken.kind === 'symbol')
    return { cause: broken.name, change: uncapital(findingTexts[broken.finding].title) }
  const { name, change } = broken
  const words = change ? changeWords(change) : uncapital(findingTexts.layout.title)
  return { cause: definitionTitle(name), change: words }
}

/** `struct device: field added, u64 cookie`. */
export function definitionWords(name: string, change: Change | undefined): string {
  return change ? `${definitionTitle(name)}: ${changeWords(change)}` : definitionTitle(name)
}

function changeWords({ class: what, subject }: Change): string {
  return `${uncapital(changeTexts[what].title)}${subject === undefined ? '' : `, ${subject}`}`
}
