import { defineConfig } from 'vitest/config'

/** Tests that build a real kernel; KABI_KERNEL_TREE names its source. */
export default defineConfig({
  test: {
    include: ['test/kernel/**/*.test.ts'],
    globalSetup: 'test/kernel/set-up.ts',
    // While one waits for a linker or a configuration, the other has the cores.
    maxWorkers: 2,
    testTimeout: 20 * 60_000,
    hookTimeout: 20 * 60_000,
    bail: 1,
  },
})
