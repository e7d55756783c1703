import Mocha from 'mocha';

/** Called by the extension host; the report goes to the file that the harness has named. */
export async function run(): Promise<void> {
  const output = process.env['POCKETFLOW_E2E_REPORT'];
  if (!output) throw new Error('POCKETFLOW_E2E_REPORT is not set');
  const mocha = new Mocha({ timeout: 120_000, reporter: 'json', reporterOptions: { output } });
  // Defines describe() and it(), so the suites are loaded after it.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./language');
  await import('./diagnostics');
  await import('./new-config');
  await import('./compression');
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
