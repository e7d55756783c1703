import { existsSync, readFileSync } from 'node:fs';

/** Counts checks, and says at the end how they went. */
export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;

  /** Counts one check by the exit code of its command. */
  addCheck(code) {
    if (code === 0) this.passed++;
    else this.failed++;
  }

  /**
   * Counts what Vitest has written with its JSON reporter.
   * No report, or one without a test in it, is a failure unless the command says that all is well.
   */
  addReport(path, code) {
    const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
    const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report;
    this.passed += numPassedTests;
    this.skipped += numPendingTests + numTodoTests;
    // A file that fails before its first test counts no test as failed.
    this.failed += Math.max(numFailedTests, code === 0 ? 0 : 1);
  }

  toString() {
    return `${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`;
  }
}
