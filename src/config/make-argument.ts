/** Why kabi-gate does not pass an argument on to make, and what to do instead. */
interface Refused {
  /** Continues a sentence that starts with where the argument stands. */
  readonly message: string
  readonly advice: string
}

/** Variables that kabi-gate sets itself, or that would make it build something else than it reports about. */
const refusedVariables: Readonly<Record<string, string>> = {
  O: 'kabi-gate builds in a folder of its own; choose it with --work-dir.',
  KBUILD_OUTPUT: 'kabi-gate builds in a folder of its own; choose it with --work-dir.',
  ARCH: 'Use the key arch.',
  SUBARCH: 'Use the key arch.',
  SRCARCH: 'Use the key arch.',
  CROSS_COMPILE: 'Use the key cross-compile.',
  CC: 'Use the key compiler.',
  LLVM: 'Use the key llvm.',
  KCONFIG_CONFIG: 'Use the key config.',
  KCONFIG_ALLCONFIG: 'Use config.fragments or config.set.',
  M: 'Remove it; a module outside of the tree is not part of the kernel.',
  KBUILD_EXTMOD: 'Remove it; a module outside of the tree is not part of the kernel.',
  MAKEFLAGS: 'Give each option of its own.',
  MFLAGS: 'Give each option of its own.',
  GNUMAKEFLAGS: 'Give each option of its own.',
  MAKEFILES: 'Remove it.',
  MAKE: 'Remove it.',
  SHELL: 'Remove it.',
}

/** Options that change neither what is built nor whether an error ends the build. */
const allowedOptions = [
  '-s',
  '--silent',
  '--quiet',
  '-w',
  '--print-directory',
  '--no-print-directory',
  '--trace',
  '--output-sync',
  '--load-average',
  '--warn-undefined-variables',
]

const jobs = 'Choose the number of compilers with --jobs.'
const folder = 'Name the kernel tree with --source.'

const refusedOptions: readonly { readonly when: RegExp; readonly advice: string }[] = [
  { when: /^(-j|--jobs)/, advice: jobs },
  { when: /^(-C|--directory)/, advice: folder },
  { when: /^(-f|--file|--makefile)/, advice: 'Remove it; kabi-gate uses the Makefile of the kernel.' },
  {
    when: /^(-k|-i|-n|-t|-q|--keep-going|--ignore-errors|--just-print|--dry-run|--recon|--touch|--question)/,
    advice: 'Remove it; a build that is not complete has no checksums to trust.',
  },
]

/**
 * Checks an argument for make: `NAME=value`, or an option that changes nothing about the result. Arguments do not pass
 * a shell, but make and the recipes of the kernel expand what looks like shell.
 */
export function refuseMakeArgument(argument: string): Refused | undefined {
  if (/[$`;|&<>'"\\()\p{Cc}]/u.test(argument)) {
    const message = 'holds a character that make or a shell would interpret'
    return {
      message,
      advice: 'Write the plain value: quotes are not needed, and variables are not expanded.',
    }
  }
  const variable = /^([A-Za-z_][\w.-]*)=/.exec(argument)?.[1]
  if (variable !== undefined) {
    const advice = Object.hasOwn(refusedVariables, variable) ? refusedVariables[variable] : undefined
    return advice === undefined ? undefined : { message: `sets ${variable}, which kabi-gate decides`, advice }
  }
  if (argument.startsWith('-')) return refuseOption(argument)
  return {
    message: 'is neither NAME=value nor an option',
    advice: 'Remove it if it is a target: kabi-gate chooses what to build. A variable is written NAME=value.',
  }
}

function refuseOption(option: string): Refused | undefined {
  const name = option.replace(/=.*/, '')
  if (allowedOptions.includes(name)) return undefined
  const advice =
    refusedOptions.find(({ when }) => when.test(option))?.advice ??
    `Options that can be given: ${allowedOptions.join(', ')}.`
  return { message: 'is an option that kabi-gate does not pass on to make', advice }
}
