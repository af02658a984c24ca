import type { Change } from '../abi/cause.ts'
import { definitionTitle } from '../abi/explain/definition-title.ts'
import type { Break } from '../judge/break.ts'
import { changeTexts } from './model/change-texts.ts'
import { findingTexts } from './model/finding-texts.ts'
import { counted, uncapital } from './words.ts'

/** What is broken, as text that somebody else wrote in part: `struct device: field added, u64 cookie (12 symbols)`, or `kfree: symbol removed`. */
export function breakText(broken: Break): string {
  if (broken.kind === 'symbol') return `${broken.name}: ${uncapital(findingTexts[broken.finding].title)}`
  const { name, change, symbols } = broken
  const what = change
    ? definitionWords(name, change)
    : `${definitionTitle(name)}: ${uncapital(findingTexts.layout.title)}`
  return `${what} (${counted(symbols.length, 'symbol')})`
}

/** `struct device: field added, u64 cookie`. */
export function definitionWords(name: string, change: Change | undefined): string {
  if (!change) return definitionTitle(name)
  const { class: what, subject } = change
  const about = subject === undefined ? '' : `, ${subject}`
  return `${definitionTitle(name)}: ${uncapital(changeTexts[what].title)}${about}`
}
