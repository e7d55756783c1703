import type { Shape } from '../graph/node';
import { OnnxSession } from './onnx-session';

export interface Latency {
  /** Of one sample, milliseconds. */
  readonly medianMs: number;
  readonly runs: number;
}

const WARM_UP = 10;
/** Seconds for each file; short runs in turn, so that a slow moment of the machine hits all files alike. */
const SECONDS = 1;
const MIN_RUNS = 20;
const MAX_RUNS = 1000;

/** Latency of ONNX files that take the same input, batch 1, measured in turn in onnxruntime. */
export async function measureLatencies(
  paths: readonly string[],
  shape: Shape,
  threads: number,
  signal?: AbortSignal,
): Promise<readonly Latency[]> {
  const sessions: OnnxSession[] = [];
  try {
    for (const path of paths) sessions.push(await OnnxSession.open(path, threads));
    const dims = shape.length === 3 ? [1, shape[2], shape[0], shape[1]] : [1, ...shape];
    const input = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i));
    for (const session of sessions) for (let i = 0; i < WARM_UP; i++) await session.run(input, dims);
    const times = sessions.map((): number[] => []);
    const end = performance.now() + SECONDS * 1000 * sessions.length;
    for (let run = 0; run < MAX_RUNS && (run < MIN_RUNS || performance.now() < end); run++) {
      signal?.throwIfAborted();
      for (const [i, session] of sessions.entries()) {
        const start = performance.now();
        await session.run(input, dims);
        times[i].push(performance.now() - start);
      }
    }
    return times.map((list) => ({ medianMs: median(list), runs: list.length }));
  } finally {
    for (const session of sessions) await session.close();
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
