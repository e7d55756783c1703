import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../../../src/engine/cache-dir';

/** The checkout, which is loaded as an extension under development. */
export const extensionPath = join(import.meta.dirname, '../../..');
/** Screenshots and logs; kept out of git. */
export const outputPath = join(extensionPath, 'test/e2e/output');
/** The suite that runs in the extension host, bundled. */
export const hostSuitePath = join(outputPath, 'host.cjs');

/** @throws when it isn't installed. */
export function codeServerPath(): string {
  const folder = process.env['POCKETFLOW_CODE_SERVER'] ?? cacheDir('code-server-4.100.3');
  return first(
    [join(folder, 'node_modules/code-server/out/node/entry.js'), join(folder, 'out/node/entry.js')],
    'code-server is not installed: npm test installs it',
  );
}

/** @throws when there is none. */
export function chromiumPath(): string {
  const usual = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(
    (name) => `/usr/bin/${name}`,
  );
  return first(
    [process.env['CHROMIUM_PATH'] ?? '', ...usual],
    'there is no Chromium: install it, or set CHROMIUM_PATH',
  );
}

function first(paths: readonly string[], missing: string): string {
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(missing);
  return path;
}
