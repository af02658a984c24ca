import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { Collected, Evidence } from '../../src/abi/evidence.ts'
import type { Problem } from '../../src/problem/problem.ts'
import type { KernelConfig, VariantPlan } from '../../src/config/plan.ts'
import type { CollectOptions } from '../../src/kernel/collect.ts'
import type { Progress } from '../../src/kernel/progress.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { writeFakeKernel } from './fake-kernel-files.ts'

export { fakeTree, writeProgram } from './fake-kernel-files.ts'

export interface FakeKernel {
  readonly folder: string
  readonly source: string
  readonly bin: string
  readonly variantFolder: string
  readonly options: CollectOptions
  readonly progress: Progress[]
  readonly controller: AbortController
  /** Replaces functions of the fake make; shell text. */
  readonly scenario: (script: string) => void
  /** The arguments of each call of make so far. */
  readonly calls: () => string[][]
  readonly log: () => string
}

/** A folder that passes for a kernel tree, and build tools that do as they are told, first in PATH. */
export function fakeKernel(): FakeKernel {
  const folder = temporaryFolder()
  const { source, bin } = writeFakeKernel(folder)
  vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`)
  onTestFinished(() => void vi.unstubAllEnvs())
  const progress: Progress[] = []
  const controller = new AbortController()
  return {
    folder,
    source,
    bin,
    variantFolder: join(folder, 'work', 'x86_64'),
    progress,
    controller,
    options: {
      source,
      workDir: join(folder, 'work'),
      jobs: 3,
      signal: controller.signal,
      onProgress: (step) => progress.push(step),
    },
    scenario: (script) => writeFileSync(join(bin, 'scenario'), script),
    calls: () =>
      readFileSync(join(bin, 'calls'), 'utf8')
        .split('--\n')
        .slice(0, -1)
        .map((call) => call.split('\n').slice(0, -1)),
    log: () => readFileSync(join(folder, 'work', 'x86_64', 'build.log'), 'utf8'),
  }
}

const tinyconfig: KernelConfig = {
  from: { kind: 'targets', targets: ['tinyconfig'] },
  fragments: [],
  set: [],
}

export function variantPlan(change: Partial<VariantPlan> = {}): VariantPlan {
  return {
    name: 'x86_64',
    arch: 'x86_64',
    guard: { kind: 'none', reason: 'a test' },
    strategy: 'full',
    config: tinyconfig,
    toolchain: { crossCompile: '' },
    makeArgs: [],
    ...change,
  }
}

export function configOf(change: Partial<KernelConfig>): KernelConfig {
  return { ...tinyconfig, ...change }
}

/** The evidence, or a failed test that shows the problems. */
export function evidence(collected: Collected): Evidence {
  if (collected.kind === 'failure') throw new Error(JSON.stringify(collected.problems))
  return collected
}

export function problems(collected: Collected): readonly Problem[] {
  return collected.kind === 'failure' ? collected.problems : []
}

export const kinds = (collected: Collected): readonly string[] => problems(collected).map(({ kind }) => kind)
