import { defineConfig } from 'vitest/config'

/** Every story of the workflows, and every fault that is put into them. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/one-place.ts'],
    maxWorkers: 2,
    include: ['test/workflow-stories/**/*.test.ts'],
    // It imports JSON in a way that Node.js refuses.
    deps: { optimizer: { ssr: { enabled: true, include: ['@actions/workflow-parser'] } } },
    testTimeout: 10 * 60_000,
  },
})
