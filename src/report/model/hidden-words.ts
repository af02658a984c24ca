import type { HiddenChange } from '../../abi/cause.ts'

/** How a line hides a change from the checksums. */
export const hiddenWords: Readonly<Record<HiddenChange['how'], string>> = {
  'genksyms-guard': 'guard against genksyms',
  'kabi-macro': 'kABI macro',
  override: 'override record for genksyms',
  'kabi-rule': 'rule for gendwarfksyms',
}
