import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Tally } from '../../../../scripts/test/tally.mjs';
import { temporaryFolder } from '../../../support/temporary-folder';

it('adds up checks and reports', () => {
  const tally = new Tally();
  tally.addCheck(0);
  tally.addCheck(2);
  tally.addReport(report({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2 }), 1);
  tally.addReport(report({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 1 }), 0);
  expect(String(tally)).toBe('9 passed, 2 failed, 3 skipped');
});

it('counts a run that failed without a failed test', () => {
  const tally = new Tally();
  tally.addReport(report({ numPassedTests: 5, numFailedTests: 0 }), 1);
  expect(String(tally)).toBe('5 passed, 1 failed, 0 skipped');
});

it('counts a run that crashed before it reported', () => {
  const tally = new Tally();
  tally.addReport(join(temporaryFolder(), 'none.json'), 1);
  expect(tally.failed).toBe(1);
});

function report(counts: object): string {
  const path = join(temporaryFolder(), 'report.json');
  writeFileSync(path, JSON.stringify(counts));
  return path;
}
