import type { HiddenChange } from '../../abi/cause.ts'
import type { FindingKind } from '../../judge/finding.ts'

/** What a report says about one kind of finding, written for the author of a patch. */
export interface FindingText {
  /** A few words for a heading. */
  readonly title: string
  /** What happened, to follow a count of symbols: `3 protected symbols changed`. */
  readonly counted: { readonly noun: string; readonly happened: string }
  /** What it means for a driver that was built against the release. */
  readonly explanation: string
  /** What to do about it. */
  readonly advice: string
  /** Its section in docs/fixing-a-break.md. */
  readonly anchor: string
}

const protectedSymbol = 'protected symbol'

/** Titles, explanations and advice, one entry a kind. The quoted messages are the kernel's own. */
export const findingTexts: Readonly<Record<FindingKind, FindingText>> = {
  removed: {
    title: 'Symbol removed',
    counted: { noun: protectedSymbol, happened: 'removed' },
    explanation:
      'The kernel no longer exports these symbols. A driver that uses one of them does not load: “Unknown symbol”.',
    advice:
      'Keep the export: leave the old function as a thin wrapper around its successor. If a configuration option took it away, switch the option on again.',
    anchor: 'removed',
  },
  changed: {
    title: 'Checksum changed',
    counted: { noun: protectedSymbol, happened: 'changed' },
    explanation:
      'A type behind these symbols is no longer the one of the release. Modules built against the release refuse to load: “disagrees about version of symbol”.',
    advice:
      'Leave the released types as they are: use reserved space, add a new structure or function beside the old one, or hide an addition that leaves the layout alone from the checksum with #ifndef __GENKSYMS__.',
    anchor: 'changed',
  },
  unversioned: {
    title: 'No checksum to compare',
    counted: { noun: protectedSymbol, happened: 'without a checksum' },
    explanation:
      'The build or the whitelist records a checksum of zero, so nothing says whether drivers built against the release still fit.',
    advice:
      'Look for “version generation failed” in the build log; an export from assembly needs its prototype in asm/asm-prototypes.h. If the zero is in the whitelist, record the checksum of the release.',
    anchor: 'unversioned',
  },
  'export-type': {
    title: 'Became GPL-only',
    counted: { noun: protectedSymbol, happened: 'made GPL-only' },
    explanation:
      'Only modules with a GPL-compatible license may use these symbols now. A proprietary driver that uses one stops loading: “Unknown symbol”. Its checksum does not show this.',
    advice: 'Export the symbol with EXPORT_SYMBOL again, as the release did.',
    anchor: 'export-type',
  },
  announced: {
    title: 'Restriction announced',
    counted: { noun: protectedSymbol, happened: 'announced to be restricted' },
    explanation:
      'EXPORT_SYMBOL_GPL_FUTURE says that these symbols are to become GPL-only, EXPORT_UNUSED_SYMBOL that they are to go. Drivers load as before; the kernel warns of each.',
    advice: 'Export the symbol as the release did.',
    anchor: 'announced',
  },
  namespace: {
    title: 'Moved into a namespace',
    counted: { noun: protectedSymbol, happened: 'moved into a namespace' },
    explanation:
      'A driver without the matching MODULE_IMPORT_NS stops loading: “uses symbol … from namespace …, but does not import it”.',
    advice:
      'Export the symbol in the namespace of the release, or in none if it had none; look at EXPORT_SYMBOL_NS and at DEFAULT_SYMBOL_NAMESPACE in the Makefile.',
    anchor: 'namespace',
  },
  moved: {
    title: 'Provided by another module',
    counted: { noun: protectedSymbol, happened: 'moved to another module' },
    explanation:
      'Drivers load once the new module is there, but what was recorded before names the old one: the “depends” of a driver, the tables of depmod, the contents of an initramfs.',
    advice:
      'Leave the symbol where the release had it. If it has to move, make the update run depmod and rebuild the initramfs, and tell the vendors.',
    anchor: 'moved',
  },
  added: {
    title: 'Export without protection',
    counted: { noun: 'unprotected symbol', happened: 'exported' },
    explanation:
      'The kernel exports these symbols and the whitelist does not name them. No driver breaks; a vendor may come to rely on what nobody promised.',
    advice:
      'Nothing, unless vendors shall rely on them: then add them to the whitelist in a reviewed change.',
    anchor: 'added',
  },
  layout: {
    title: 'Moved in memory',
    counted: { noun: 'type', happened: 'moved in memory' },
    explanation:
      'The compiler lays these types out otherwise than in the release. A driver that was built against the release is wrong about memory, and where the checksum is that of the release, it is loaded all the same.',
    advice:
      'Leave size and offsets as they are: use a hole or reserved space, or keep the data in a structure of its own. Where it is meant, and no driver can meet the type, let those who own the whitelist waive it.',
    anchor: 'layout',
  },
  fits: {
    title: 'Changed without moving',
    counted: { noun: 'type', happened: 'changed without moving' },
    explanation:
      'These types have something new that no checksum tells of. It stands where nothing was: size, offsets and values are those of the release.',
    advice:
      'Nothing has to be done, if drivers may leave the new member as it was: what they allocate themselves has zero there, or rubbish.',
    anchor: 'fits',
  },
  hidden: {
    title: 'Hidden from the checksums',
    counted: { noun: 'patch line', happened: 'hiding a change' },
    explanation:
      'With these lines the checksums no longer tell of every change: genksyms is shown another text than the compiler. No driver is refused, whether or not the binary interface stayed as it was.',
    advice:
      'Look at the line as at a break: the size of the structure, the offsets of the fields that drivers use and the meaning of every value have to be those of the release.',
    anchor: 'hidden',
  },
  'whitelist-edit': {
    title: 'The patch edits its own gate',
    counted: { noun: 'edit', happened: 'of what guards the patch' },
    explanation:
      'The check went by the base commit, so these edits decided nothing. Once they are merged they would: what is promised, or how a break is weighed, would be less than before.',
    advice:
      'Take the edit out of the patch, or have those who own the whitelists approve it. Rows that a build bears out can be added by anybody.',
    anchor: 'whitelist-edit',
  },
  driver: {
    title: 'Driver would no longer load',
    counted: { noun: 'driver', happened: 'no longer loading' },
    explanation:
      'These drivers load on the released kernel and would be refused by this one. They are those that the configuration names for the variant.',
    advice:
      'Restore what they need, starting with what stops most drivers. If no whitelist protects such a symbol, consider adding it.',
    anchor: 'driver',
  },
}

/** How a line hides a change from the checksums. */
export const hiddenWords: Readonly<Record<HiddenChange['how'], string>> = {
  'genksyms-guard': 'guard against genksyms',
  'kabi-macro': 'kABI macro',
  override: 'override record for genksyms',
  'kabi-rule': 'rule for gendwarfksyms',
}
