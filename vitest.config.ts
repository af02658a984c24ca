import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Where tests start many programs. A process copies its page tables for each, which costs the more the longer it has run. */
const startPrograms = [
  'test/kernel-unit/exports/',
  'test/e2e/',
  'test/cli/',
  'test/security/',
  'test/kernel-unit/',
]

class ProgramsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = startPrograms.findIndex((folder) => moduleId.includes(folder))
      return found < 0 ? startPrograms.length : found
    }
    const sorted = await super.sort(files)
    return sorted.sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/kernel/**', 'test/workflow-stories/**', '**/node_modules/**'],
    // Files share what they import; none of them changes it.
    isolate: false,
    maxWorkers: 2,
    sequence: { sequencer: ProgramsFirst },
    unstubEnvs: true,
    setupFiles: ['test/support/properties.ts'],
    // It imports JSON in a way that Node.js refuses.
    deps: { optimizer: { ssr: { enabled: true, include: ['@actions/workflow-parser'] } } },
    testTimeout: process.env['KABI_RANDOM_TESTS'] ? 3_600_000 : 120_000,
    // Bundling takes longer than vitest's ten seconds on a machine that does other work, too.
    hookTimeout: 120_000,
  },
})
