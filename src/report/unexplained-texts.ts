import type { UnexplainedReason } from '../abi/cause.ts'

/** What a report says about changed symbols that could not be explained. */
export interface UnexplainedText {
  /** Why, to follow “not explained:”. */
  readonly title: string
  readonly advice: string
}

export const unexplainedTexts: Readonly<Record<UnexplainedReason, UnexplainedText>> = {
  'no-baseline-types': {
    title: 'no type definitions are stored beside the whitelist',
    advice: 'Create the whitelist again from the released kernel, with its type definitions.',
  },
  'symbol-without-types': {
    title: 'the type definitions stored beside the whitelist do not hold these symbols',
    advice: 'Update the stored type definitions from the released kernel.',
  },
  'baseline-not-reproduced': {
    title:
      'the type definitions stored beside the whitelist do not give its checksums, so they cannot be trusted',
    advice: 'Store the type definitions of the very kernel that the checksums of the whitelist came from.',
  },
  'no-types': {
    title: 'the strategy that collected this build keeps no type definitions',
    advice: 'Collect with the strategy exports to see the definitions that changed.',
  },
  'build-not-reproduced': {
    title: 'the type definitions of this build do not give its checksums',
    advice: 'Report this as a bug of kabi-gate, with the symbol and the kernel.',
  },
  unproven: {
    title: 'putting the changed definitions back does not bring the checksums back',
    advice: 'Compare the type definitions of both kernels by hand; report this as a bug of kabi-gate.',
  },
}
