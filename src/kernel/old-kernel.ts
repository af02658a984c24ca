import type { Problem } from '../problem/problem.ts'

/** The oldest series whose releases got what compilers and make of today need. */
const oldest = { version: 4, patchlevel: 14 }

/**
 * Says of a build that failed that the kernel is older than the machine's programs can build: without `-fno-PIE`, which came with
 * Linux 4.9, a compiler that makes position-independent code by default is refused, and before 4.17 and its stable releases a `#`
 * in a function means something else to make 4.3.
 * @param release as the tree's Makefile says it
 */
export function withAge(problem: Problem, release: string | undefined): Problem {
  const [, version, patchlevel] = /^(\d+)\.(\d+)/.exec(release ?? '') ?? []
  const isOld =
    Number(version) < oldest.version ||
    (Number(version) === oldest.version && Number(patchlevel) < oldest.patchlevel)
  if (!isOld || (problem.kind !== 'build-failed' && problem.kind !== 'configure-failed')) return problem
  return {
    ...problem,
    message: `Linux ${release} is older than ${oldest.version}.${oldest.patchlevel}, and does not build with the compiler and make of this machine: ${problem.message}`,
    advice:
      'Take the checksums from the build that the distribution made: strategy: prebuilt, with its Module.symvers. Or run kabi-gate where compiler and make are of the kernel’s time.',
  }
}
