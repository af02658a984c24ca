import { defineConfig } from 'vitest/config'

/**
 * Where tests start many programs. A process copies its page tables for each, which costs the more the longer it has run: those
 * come first, and each line here gets processes of its own.
 */
const startPrograms = [
  ['e2e', 'kernel-unit'],
  ['cli', 'gate', 'security'],
  ['action', 'debian', 'git', 'range', 'whitelists', 'workflow-runner'],
]

const folder = (name: string): string => `test/${name}/**/*.test.ts`

const never = ['test/kernel/**', 'test/workflow-stories/**', '**/node_modules/**']

const projects = [...startPrograms, undefined].map((folders, at) => ({
  extends: true as const,
  test: {
    name: folders?.join('+') ?? 'the rest',
    include: folders?.map(folder) ?? ['test/**/*.test.ts'],
    exclude: folders ? never : [...never, ...startPrograms.flat().map(folder)],
    sequence: { groupOrder: at },
  },
}))

export default defineConfig({
  test: {
    projects,
    // Files share what they import; none of them changes it.
    isolate: false,
    maxWorkers: 2,
    unstubEnvs: true,
    globalSetup: ['test/support/one-place.ts'],
    setupFiles: ['test/support/properties.ts'],
    // It imports JSON in a way that Node.js refuses.
    deps: { optimizer: { ssr: { enabled: true, include: ['@actions/workflow-parser'] } } },
    testTimeout: process.env['KABI_RANDOM_TESTS'] ? 3_600_000 : 120_000,
    // Bundling takes longer than vitest's ten seconds on a machine that does other work, too.
    hookTimeout: 120_000,
  },
})
