import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/kernel/**', '**/node_modules/**'],
    // Files share what they import; none of them changes it.
    isolate: false,
    maxWorkers: 2,
    unstubEnvs: true,
    setupFiles: ['test/support/properties.ts'],
    testTimeout: process.env['KABI_RANDOM_TESTS'] ? 3_600_000 : 120_000,
  },
})
