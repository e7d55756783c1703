import type { Batch } from '../../data/batch';
import type { Graph } from '../../graph/graph';
import { hasWeight } from '../../graph/node';
import type { Executor } from '../../runtime/executor';
import type { Candidate } from '../learner';
import { inputMoments } from './input-moments';
import { refineRounding, type Refinement } from './refine-rounding';

/**
 * Improves the rounded weights by what their layers read on images.
 * @param before The graph with the weights before rounding; it may have no fake-quant nodes.
 */
export async function refineOnImages(
  before: Graph,
  rounded: Graph,
  refinement: Refinement,
  {
    executor,
    images,
    seed,
    signal,
  }: {
    readonly executor: Executor;
    readonly images: readonly Batch[];
    readonly seed: number;
    readonly signal: AbortSignal;
  },
): Promise<Candidate> {
  if (!refinement.adaptive && !refinement.biases) return { graph: rounded };
  const quantized = new Set(rounded.nodes.flatMap((node) => (hasWeight(node) && node.quantization ? [node.name] : [])));
  const layers = before.nodes.filter(hasWeight).filter(({ name }) => quantized.has(name));
  const program = await executor.compile(before);
  try {
    const moments = await inputMoments(program, before, layers, images, seed, signal);
    return await refineRounding(before, rounded, moments, refinement, signal);
  } finally {
    program.dispose();
  }
}
