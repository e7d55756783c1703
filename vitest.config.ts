import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    // The native executor keeps one state a process.
    pool: 'forks',
    testTimeout: 30_000,
  },
});
