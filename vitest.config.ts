import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    globalSetup: ['test/support/bundle-batch-worker.ts'],
    // The native executor keeps one state a process.
    pool: 'forks',
    testTimeout: 30_000,
  },
});
