import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder that src/engine/cache-dir.ts names too: what is fetched once and kept between checkouts. */
export function cacheDir(...parts) {
  const { POCKETFLOW_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const base = XDG_CACHE_HOME ?? (process.platform === 'win32' ? LOCALAPPDATA : undefined) ?? join(homedir(), '.cache');
  return join(POCKETFLOW_CACHE ?? join(base, 'pocketflow'), ...parts);
}
