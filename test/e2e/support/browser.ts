import { chromium, type Browser } from 'playwright-core';
import { chromiumPath } from './paths';

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    // Containers seldom allow a sandbox or give it shared memory; only our own pages are opened.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}
