import type { UnexplainedReason } from '../../abi/cause.ts'

/** What a report says about changed symbols that could not be explained. */
export interface UnexplainedText {
  /** Why, to follow “not explained:”. */
  readonly title: string
  readonly advice: string
}

export const unexplainedTexts: Readonly<Record<UnexplainedReason, UnexplainedText>> = {
  'no-baseline-types': {
    title: 'no type definitions are stored beside the whitelist',
    advice:
      'Take them from the released commit with kabi-gate whitelist enrich --from COMMIT, or from what its build made with --types; the list stays as it is.',
  },
  'symbol-without-types': {
    title: 'the type definitions stored beside the whitelist do not hold these symbols',
    advice:
      'Take them anew from a release that has the symbols: remove the stored ones, then run kabi-gate whitelist enrich.',
  },
  'baseline-not-reproduced': {
    title:
      'the type definitions stored beside the whitelist do not give its checksums, so they cannot be trusted',
    advice: 'Store the type definitions of the very kernel that the checksums of the whitelist came from.',
  },
  'no-types': {
    title: 'no type definitions of this build are known',
    advice:
      'Build with KBUILD_SYMTYPES=1 and name the build folder: as types beside symvers in kabi.yml, or with compare --types. The strategies exports and full have them.',
  },
  'build-not-reproduced': {
    title: 'the type definitions of this build do not give its checksums',
    advice:
      'Give the types that this very build made. Where kabi-gate collected them, report this as a bug, with the symbol and the kernel.',
  },
  unproven: {
    title: 'reverting the changed definitions does not restore the checksums',
    advice: 'Compare the type definitions of both kernels by hand; report this as a bug of kabi-gate.',
  },
}
