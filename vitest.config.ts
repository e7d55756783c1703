import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    globalSetup: ['test/support/bundle-batch-worker.ts'],
    // The native executor keeps one state a process.
    pool: 'forks',
    // Far more than any test takes: it is there for what hangs, not for what a busy machine slows down.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    // With `--changed`, what brings all tests back: other packages. A command or a setting in package.json only concerns the
    // tests that import it.
    forceRerunTriggers: ['**/package-lock.json'],
  },
});
