import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cachedFolder } from '../../../../src/engine/data/cached-folder';
import { temporaryFolder } from '../../../support/temporary-folder';

describe('cachedFolder', () => {
  let cache: string;
  beforeEach(() => {
    cache = temporaryFolder();
    vi.stubEnv('POCKETFLOW_CACHE', cache);
  });
  afterEach(() => vi.unstubAllEnvs());

  const files = { 'data.bin': 4 };
  const fill = (folder: string) => writeFile(join(folder, 'data.bin'), 'good');
  const entries = () => readdirSync(join(cache, 'datasets'));

  it('makes what is missing, once', async () => {
    const make = vi.fn(fill);
    const folder = await cachedFolder('digits', files, make);
    expect(readFileSync(join(folder, 'data.bin'), 'utf8')).toBe('good');
    expect(await cachedFolder('digits', files, make)).toBe(folder);
    expect(make).toHaveBeenCalledTimes(1);
  });

  it('shows nothing of a making that failed', async () => {
    const failing = cachedFolder('digits', files, async (folder) => {
      await fill(folder);
      throw new Error('connection lost');
    });
    await expect(failing).rejects.toThrow('connection lost');
    expect(entries()).toEqual([]);
  });

  it('may be asked for by several at the same time', async () => {
    const slowly = async (folder: string) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await fill(folder);
    };
    const folders = await Promise.all([1, 2, 3].map(() => cachedFolder('digits', files, slowly)));
    expect(new Set(folders).size).toBe(1);
    expect(entries()).toEqual(['digits']);
    expect(readFileSync(join(folders[0], 'data.bin'), 'utf8')).toBe('good');
  });

  it('makes anew what is damaged', async () => {
    mkdirSync(join(cache, 'datasets/digits'), { recursive: true });
    writeFileSync(join(cache, 'datasets/digits/data.bin'), 'go');
    const folder = await cachedFolder('digits', files, fill);
    expect(readFileSync(join(folder, 'data.bin'), 'utf8')).toBe('good');
  });

  it('clears what a killed process left long ago, not what another is making', async () => {
    const [old, recent] = ['digits.partial-old', 'digits.partial-new'].map((name) => join(cache, 'datasets', name));
    mkdirSync(old, { recursive: true });
    mkdirSync(recent);
    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
    utimesSync(old, twoDaysAgo, twoDaysAgo);
    await cachedFolder('digits', files, fill);
    expect(existsSync(old)).toBe(false);
    expect(existsSync(recent)).toBe(true);
  });

  it('says what to do where the cache cannot be written', async () => {
    writeFileSync(join(cache, 'datasets'), 'a file in the way');
    await expect(cachedFolder('digits', files, fill)).rejects.toThrow(/can't write to the cache .*POCKETFLOW_CACHE/);
  });
});
