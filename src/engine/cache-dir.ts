import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder for what is fetched once and kept between runs and checkouts: data sets, native libraries. */
export function cacheDir(...parts: string[]): string {
  const { POCKETFLOW_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const base =
    POCKETFLOW_CACHE ??
    join(
      XDG_CACHE_HOME ?? (process.platform === 'win32' ? LOCALAPPDATA : undefined) ?? join(homedir(), '.cache'),
      'pocketflow',
    );
  return join(base, ...parts);
}
