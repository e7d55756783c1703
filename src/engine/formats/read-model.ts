import { readFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { GraphError, parameters, type Graph } from '../graph/graph';
import { ModelFileError } from './model-file-error';
import { decodeOnnx } from './onnx/read-onnx';
import { decodePacked, isPacked } from './packed/read-packed';
import { readTfjs } from './tfjs/read-tfjs';

/**
 * Reads a model file: ONNX, packed, or the `model.json` of a TF.js layers model.
 * @throws ModelFileError that names the file, and within it the node at fault.
 */
export async function readModel(path: string): Promise<Graph> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ModelFileError(
      error.code === 'ENOENT' ? `there is no file ${path}` : `${path} can't be read: ${error.message}`,
      'check the path of the model',
    );
  });
  const name = basename(path, extname(path));
  try {
    if (bytes.length === 0) throw new ModelFileError('the file is empty', 'export or copy the model again');
    const graph = isPacked(bytes)
      ? decodePacked(bytes)
      : extname(path) === '.json'
        ? await readTfjs(path, bytes)
        : await decodeOnnx(bytes, name, dirname(path));
    checkFinite(graph);
    return graph;
  } catch (error) {
    if (error instanceof ModelFileError) throw new ModelFileError(`${path}: ${error.message}`, error.hint);
    if (error instanceof GraphError) throw new ModelFileError(`${path}: ${error.message}`);
    throw error;
  }
}

function checkFinite(graph: Graph): void {
  for (const [name, { data }] of parameters(graph)) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    throw new ModelFileError(
      `the parameter "${name}" has the value ${data[at]}, so the model can't give a result`,
      'training it has diverged, or the file is damaged: train or export the model again',
    );
  }
}
