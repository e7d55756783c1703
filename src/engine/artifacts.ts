import { join } from 'node:path';
import { writeModel } from './formats/write-model';
import type { Graph } from './graph/graph';
import type { Session } from './session';

/** Writes the original beside the result, by the same writer, so that the two can be compared. Gives its path. */
export async function writeOriginal({ run }: Session, graph: Graph): Promise<string> {
  return (await writeModel(graph, 'onnx', run.directory, 'original')).path;
}

/**
 * Writes the result in every format asked for.
 * @returns The path of its ONNX file: the one that is measured, in the run's folder where it wasn't asked for.
 */
export async function writeArtifacts({ plan, run }: Session, graph: Graph): Promise<{ onnx: string }> {
  run.emit({ type: 'phase.started', phase: 'write the model' });
  const { formats, directory = run.directory } = plan.output;
  const name = `${graph.name.replaceAll(/[^\w.-]+/g, '-')}-compressed`;
  let onnx: string | undefined;
  for (const format of formats) {
    const { path, bytes } = await writeModel(graph, format, directory, name);
    run.emit({ type: 'artifact', path, format, bytes });
    if (format === 'onnx') onnx = path;
  }
  onnx ??= (await writeModel(graph, 'onnx', join(run.directory, 'models'), name)).path;
  return { onnx };
}
