import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OutputFormat } from '../../config/schema';
import type { Graph } from '../graph/graph';
import { ModelFileError } from './model-file-error';
import { encodeOnnx } from './onnx/write-onnx';
import { encodeTfjs } from './tfjs/write-tfjs';

/** A model that was written. */
export interface WrittenModel {
  readonly format: OutputFormat;
  /** The file to open: `.onnx`, or `model.json`. */
  readonly path: string;
  /** Of all its files together. */
  readonly bytes: number;
}

/** Relative path and contents of each file of a model, the one to open last. */
type Files = readonly (readonly [path: string, contents: Uint8Array | string])[];

/**
 * Writes a model: `NAME.onnx`, or the folder `NAME-tfjs` with `model.json` and its weights. A file is only ever there
 * whole: it is written under another name first.
 * @throws ModelFileError when the disk is full or the folder can't be written to.
 */
export async function writeModel(
  graph: Graph,
  format: OutputFormat,
  directory: string,
  name: string,
): Promise<WrittenModel> {
  const encode: Record<OutputFormat, () => Files> = {
    onnx: () => [[`${name}.onnx`, encodeOnnx(graph)]],
    tfjs: () => encodeTfjs(graph).map(([file, contents]) => [join(`${name}-tfjs`, file), contents] as const),
  };
  let bytes = 0;
  let path = '';
  for (const [file, contents] of encode[format]()) {
    path = join(directory, file);
    await replaceFile(path, contents);
    bytes += Buffer.byteLength(contents);
  }
  return { format, path, bytes };
}

async function replaceFile(path: string, contents: Uint8Array | string): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, contents, { flush: true });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw translate(path, error);
  }
}

function translate(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const hints: Record<string, string> = {
    ENOSPC: 'the disk is full: free some space and resume the run',
    EACCES: 'the folder may not be written to: set output.directory',
    EROFS: 'the disk is read-only: set output.directory',
    EDQUOT: 'the disk quota is used up: free some space and resume the run',
  };
  return new ModelFileError(`${path} could not be written: ${error.message}`, hints[String(error.code)]);
}
