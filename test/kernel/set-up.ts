import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { copyKernel } from './kernel-copy.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A tree of the released kernel that tests may patch with `replaceFile` and take back. */
    readonly tree: string
    /** Where kernels of that tree are prepared, which takes minutes, once for all test files. */
    readonly builds: string
  }
}

/** Copies the released kernel for all test files; KABI_KERNEL_TREE names it. */
export function setup({ provide }: TestProject): () => void {
  const released = process.env['KABI_KERNEL_TREE']
  if (!released) throw new Error('KABI_KERNEL_TREE must name an unpacked kernel source tree')
  const work = mkdtempSync(join(tmpdir(), 'kabi-released-'))
  const tree = join(work, 'linux')
  copyKernel(released, tree)
  provide('tree', tree)
  provide('builds', join(work, 'builds'))
  return () => rmSync(work, { recursive: true })
}
