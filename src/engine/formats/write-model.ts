import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OutputFormat } from '../../config/schema';
import type { Graph } from '../graph/graph';
import { ModelFileError } from './model-file-error';
import { encodeOnnx } from './onnx/write-onnx';
import { encodePacked } from './packed/write-packed';
import { encodeTfjs } from './tfjs/write-tfjs';

/** A model that was written. */
export interface WrittenModel {
  readonly format: OutputFormat;
  /** The file to open: `.onnx`, `.packed`, or `model.json`. */
  readonly path: string;
  /** Of all its files together. */
  readonly bytes: number;
}

/** Relative path and contents of each file of a model, the one to open last. */
export type ModelFiles = readonly (readonly [path: string, contents: Uint8Array | string])[];

/** @throws ModelFileError when the format can't hold the model; it names the node. */
export function encodeModel(graph: Graph, format: OutputFormat, name: string): ModelFiles {
  const encoders: Record<OutputFormat, () => ModelFiles> = {
    onnx: () => [[`${name}.onnx`, encodeOnnx(graph)]],
    packed: () => [[`${name}.packed`, encodePacked(graph)]],
    tfjs: () => encodeTfjs(graph).map(([file, contents]) => [join(`${name}-tfjs`, file), contents] as const),
  };
  return encoders[format]();
}

/**
 * Writes a model: `NAME.onnx`, `NAME.packed`, or the folder `NAME-tfjs` with `model.json` and its weights. A model is only ever there
 * whole.
 * @throws ModelFileError when the disk is full or the folder can't be written to.
 */
export async function writeModel(
  graph: Graph,
  format: OutputFormat,
  directory: string,
  name: string,
): Promise<WrittenModel> {
  const files = encodeModel(graph, format, name).map(([file, contents]) => ({ path: join(directory, file), contents }));
  await replaceFiles(files);
  const bytes = files.reduce((sum, { contents }) => sum + Buffer.byteLength(contents), 0);
  return { format, path: files[files.length - 1].path, bytes };
}

interface ModelFile {
  readonly path: string;
  readonly contents: Uint8Array | string;
}

/** Writes all files under other names before the first is renamed: a disk that fills up leaves the old model whole. */
async function replaceFiles(files: readonly ModelFile[]): Promise<void> {
  const partial = (path: string) => `${path}.partial`;
  let at = files[0].path;
  try {
    for (const { path, contents } of files) {
      at = path;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(partial(path), contents, { flush: true });
    }
    for (const { path } of files) {
      at = path;
      await rename(partial(path), path);
    }
  } catch (error) {
    // What can't be written can't always be removed either; the first error is the one to tell.
    await Promise.allSettled(files.map(({ path }) => rm(partial(path), { force: true })));
    throw translate(at, error);
  }
}

function translate(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const hints: Record<string, string> = {
    ENOSPC: 'the disk is full: free some space and resume the run',
    EACCES: 'the folder may not be written to: set output.directory',
    ENOTDIR: 'output.directory has to be a folder',
    EEXIST: 'output.directory has to be a folder',
    EROFS: 'the disk is read-only: set output.directory',
    EDQUOT: 'the disk quota is used up: free some space and resume the run',
  };
  return new ModelFileError(`${path} could not be written: ${error.message}`, hints[String(error.code)]);
}
