import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkFiles, type FileProbe } from './files';
import { parseConfig } from './parse';
import type { RunPlan } from './plan';
import { ConfigError, problemAt } from './problem';
import { resolveConfig } from './resolve';

/** The file system of this machine. */
export const diskProbe: FileProbe = {
  kind: async (path) => {
    const info = await stat(path).catch(() => undefined);
    return info?.isFile() ? 'file' : info?.isDirectory() ? 'directory' : undefined;
  },
  list: (path) => readdir(path),
};

const reasons: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOENT: ['there is no such file', 'check its path'],
  EISDIR: ['this is a folder', 'name the .pocketflow.yaml file in it'],
  EACCES: ['permission to read it is denied', 'change its permissions'],
};

/** The config itself can't be read. */
export class ConfigFileError extends Error {
  override readonly name = 'ConfigFileError';
  readonly hint: string;
  constructor(path: string, cause: NodeJS.ErrnoException) {
    const [reason, hint] = reasons[cause.code ?? ''] ?? [cause.message, 'check its path'];
    super(`${path}: ${reason}`, { cause });
    this.hint = hint;
  }
}

/**
 * Reads the config file at `path`, checks it and the files that it names, and decides what it leaves open.
 * @throws ConfigError with every problem found; ConfigFileError when the config itself can't be read.
 */
export async function loadConfig(path: string): Promise<RunPlan> {
  const text = await readConfigText(path);
  const { config, problems, locate } = parseConfig(text);
  if (!config) throw new ConfigError(path, text, problems);
  const plan = resolveConfig(config, { baseDirectory: dirname(path) });
  const missing = await checkFiles(config, plan, diskProbe);
  if (missing.length === 0) return plan;
  throw new ConfigError(
    path,
    text,
    missing.map((finding) => problemAt(finding, locate(finding.path, finding.at))),
  );
}

/** @throws ConfigFileError */
export function readConfigText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigFileError(path, error);
  });
}
