import { readdir, readFile, stat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Connection } from 'vscode-languageserver';
import type { FileProbe } from '../config/files';
import { languageRequests } from '../protocol/language';

/** The files around a config, wherever the editor has them. */
export interface ConfigFiles extends FileProbe {
  /** Folder that relative paths in the config start from. */
  readonly folder: string;
  toUri(path: string): string;
  /** The text of the config itself; undefined when it can't be read. */
  read(): Promise<string | undefined>;
  /** Absolute path on a disk; undefined when the config is not on one. */
  readonly path?: string;
}

export function filesOf(uri: string, connection: Connection): ConfigFiles {
  return uri.startsWith('file:') ? onDisk(fileURLToPath(uri)) : elsewhere(uri, connection);
}

function onDisk(path: string): ConfigFiles {
  return {
    folder: fileURLToPath(new URL('.', pathToFileURL(path))),
    path,
    toUri: (other) => pathToFileURL(other).href,
    read: () => readFile(path, 'utf8').catch(() => undefined),
    kind: async (other) => {
      const info = await stat(other).catch(() => undefined);
      return info?.isFile() ? 'file' : info?.isDirectory() ? 'directory' : undefined;
    },
    list: (other) => readdir(other).catch(() => []),
  };
}

/** Only the editor can reach the file system of a virtual workspace. */
function elsewhere(uri: string, connection: Connection): ConfigFiles {
  const toUri = (path: string): string => {
    const url = new URL(uri);
    url.pathname = path;
    return url.href;
  };
  return {
    folder: new URL('.', uri).pathname,
    toUri,
    read: async () => (await ask<string | null>(connection, languageRequests.read, uri)) ?? undefined,
    kind: async (path) =>
      (await ask<'file' | 'directory' | null>(connection, languageRequests.kind, toUri(path))) ?? undefined,
    list: async (path) => (await ask<string[] | null>(connection, languageRequests.list, toUri(path))) ?? [],
  };
}

function ask<T>(connection: Connection, method: string, uri: string): Promise<T | null> {
  return connection.sendRequest<T>(method, { uri }).catch(() => null);
}
