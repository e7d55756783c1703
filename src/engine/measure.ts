import { readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { ModelFacts } from '../runs/events';
import { measureLatencies as timeFiles } from './formats/latency';
import { OnnxSession } from './formats/onnx-session';
import { graphCost } from './graph/cost';
import type { Graph } from './graph/graph';
import type { Session } from './session';
import { evaluate } from './training/evaluate';

/** What can be read off a model and its file without running it. */
export function sizeFacts(graph: Graph, path: string): ModelFacts {
  const { flops, params, nonzero } = graphCost(graph).total;
  return { flops, params, nonzero, bytes: statSync(path).size, gzipBytes: gzipSync(readFileSync(path)).length };
}

/** Test accuracy of ONNX files, each run by onnxruntime. */
export async function measureAccuracy(
  { dataset, threads, run, signal }: Session,
  paths: readonly string[],
): Promise<Pick<ModelFacts, 'accuracy' | 'samples'>[]> {
  const phase = 'measure accuracy';
  const total = paths.length * dataset.counts.test;
  run.emit({ type: 'phase.started', phase, total });
  const results: Pick<ModelFacts, 'accuracy' | 'samples'>[] = [];
  for (const [i, path] of paths.entries()) {
    const session = await OnnxSession.open(path, threads);
    try {
      const { accuracy, samples } = await evaluate(
        { forward: (batch) => session.forward(batch, dataset.imageShape) },
        dataset,
        'test',
        {
          signal,
          onProgress: (done) => run.emit({ type: 'progress', phase, step: i * dataset.counts.test + done, total }),
        },
      );
      results.push({ accuracy, samples });
    } finally {
      await session.close();
    }
  }
  return results;
}

/** Latency of ONNX files for one sample, measured side by side. */
export async function measureLatencies(
  { dataset, threads, run, signal }: Session,
  paths: readonly string[],
): Promise<Pick<ModelFacts, 'latencyMs'>[]> {
  run.emit({ type: 'phase.started', phase: 'measure latency' });
  const latencies = await timeFiles(paths, dataset.imageShape, threads, signal);
  return latencies.map(({ medianMs }) => ({ latencyMs: medianMs }));
}
