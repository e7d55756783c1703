import { afterEach, expect, it, vi } from 'vitest';
import { cacheDir as ofScripts } from '../../../../scripts/setup/cache-dir.mjs';
import { cacheDir } from '../../../../src/engine/cache-dir';

afterEach(() => vi.unstubAllEnvs());

it.each([
  ['no variable', {}],
  ['a cache of its own', { POCKETFLOW_CACHE: '/somewhere' }],
  ['a cache for all programs', { XDG_CACHE_HOME: '/caches' }],
  ['both', { POCKETFLOW_CACHE: '/somewhere', XDG_CACHE_HOME: '/caches' }],
])('is the folder that the engine uses, with %s', (_, variables: Record<string, string>) => {
  for (const name of ['POCKETFLOW_CACHE', 'XDG_CACHE_HOME']) vi.stubEnv(name, variables[name]);
  expect(ofScripts('datasets', 'mnist')).toBe(cacheDir('datasets', 'mnist'));
});
