import type { Problem } from '../problem/problem.ts'
import type { Export } from './export.ts'

/** What Module.symvers calls the kernel itself. */
const kernelItself = 'vmlinux'

/**
 * The problem of taking the table that a driver's own build writes for that of a kernel: it has what the driver exports, and nothing of
 * vmlinux. Undefined where the table has something of it, or nothing at all.
 */
export function tableOfDrivers(file: string, exports: readonly Export[]): Problem | undefined {
  const [first] = exports
  if (!first || exports.some(({ module }) => module === kernelItself)) return undefined
  return {
    kind: 'other-kernel',
    message: `This is the table of another module, not of a kernel: none of its ${exports.length} exports is of ${kernelItself}.`,
    place: { file },
    advice:
      'Give the Module.symvers of the kernel’s own build. What a driver exports stands in a table of its own, beside the driver.',
  }
}
