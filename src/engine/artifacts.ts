import { join } from 'node:path';
import type { OutputFormat } from '../config/schema';
import { writeModel, type WrittenModel } from './formats/write-model';
import type { Graph } from './graph/graph';
import type { Session } from './session';

/** Writes the original beside the result, by the same writer, so that the two can be compared. Gives its path. */
export async function writeOriginal({ run }: Session, graph: Graph): Promise<string> {
  return (await writeModel(graph, 'onnx', run.directory, 'original')).path;
}

/**
 * Writes the result in every format asked for.
 * @returns The path of its ONNX file: the one that is measured, in the run's folder where it wasn't asked for; and, where
 * a packed file was asked for, its size and that of the original in the same form.
 */
export async function writeArtifacts(
  { plan, run }: Session,
  graph: Graph,
  original: Graph,
): Promise<{ onnx: string; packedBytes?: { readonly before: number; readonly after: number } }> {
  run.emit({ type: 'phase.started', phase: 'write the model' });
  const { formats, directory = run.directory } = plan.output;
  const name = `${graph.name.replaceAll(/[^\w.-]+/g, '-')}-compressed`;
  const written = new Map<OutputFormat, WrittenModel>();
  for (const format of formats) {
    const model = await writeModel(graph, format, directory, name);
    run.emit({ type: 'artifact', path: model.path, format, bytes: model.bytes });
    written.set(format, model);
  }
  const onnx = written.get('onnx') ?? (await writeModel(graph, 'onnx', join(run.directory, 'models'), name));
  const packed = written.get('packed');
  if (!packed) return { onnx: onnx.path };
  const before = await writeModel(original, 'packed', join(run.directory, 'models'), 'original');
  return { onnx: onnx.path, packedBytes: { before: before.bytes, after: packed.bytes } };
}
