import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/kernel/**', 'test/workflow-stories/**', '**/node_modules/**'],
    // Files share what they import; none of them changes it.
    isolate: false,
    maxWorkers: 2,
    unstubEnvs: true,
    setupFiles: ['test/support/properties.ts'],
    // It imports JSON in a way that Node.js refuses.
    deps: { optimizer: { ssr: { enabled: true, include: ['@actions/workflow-parser'] } } },
    testTimeout: process.env['KABI_RANDOM_TESTS'] ? 3_600_000 : 120_000,
  },
})
