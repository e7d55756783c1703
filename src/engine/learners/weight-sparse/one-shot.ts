import type { WeightSparseOptions } from '../../../config/learners/weight-sparse';
import { parameters, type Graph } from '../../graph/graph';
import type { Conv2dNode, DenseNode, Node } from '../../graph/node';
import type { Candidate, LearnerContext } from '../learner';
import { reconstruct } from '../channel/reconstruct';
import { calibrationImages, sampleLayers } from '../channel/sampling';
import type { SparsityDecision } from './decision';
import { sparsityOf } from './mask';
import { parsePattern } from './pattern';
import { sparsify } from './sparse-gpt';
import { pruneAtOnce } from './weight-sparse';

/**
 * Prunes all layers at once, one after the other on features of those before: each is fitted to give what it gave in the
 * original model, then its zeros are chosen and mended by {@link sparsify}. Depthwise and grouped layers, in which
 * there is little to mend with, lose their smallest weights.
 */
export async function pruneByReconstruction(
  graph: Graph,
  decision: SparsityDecision,
  options: WeightSparseOptions,
  { executor, dataset, seed, signal }: LearnerContext,
): Promise<Required<Candidate>> {
  const pattern = parsePattern(options.pattern);
  const layers = graph.nodes.filter(isFitted).filter(({ name }) => decision.has(name));
  const fitted = new Set(layers.map(({ name }) => name));
  const rest = new Map([...decision].filter(([name]) => !fitted.has(name)));
  const images = await calibrationImages(dataset, graph, options.samples);
  const program = await executor.compile(graph);
  const samples = await sampleLayers(
    program,
    graph,
    layers,
    new Set(),
    images,
    options.positions,
    seed,
    signal,
  ).finally(() => program.dispose());
  const original = parameters(graph);
  const result = await reconstruct(
    executor,
    pruneAtOnce(graph, rest, pattern),
    [...fitted],
    samples,
    new Map(),
    images,
    signal,
    ({ name }, weight, covariance) => {
      const before = original.get(`${name}/weight`);
      const earlier = before && sparsityOf(before) > 0 ? before : undefined;
      const sparsity = Math.max(decision.get(name) ?? 0, earlier ? sparsityOf(earlier) : 0);
      // What an earlier stage set to zero stays so.
      sparsify(
        weight,
        covariance,
        pattern ?? { sparsity },
        earlier && Uint8Array.from(earlier.data, (w) => Number(w === 0)),
      );
    },
  );
  return result;
}

function isFitted(node: Node): node is Conv2dNode | DenseNode {
  return node.kind === 'dense' || (node.kind === 'conv2d' && node.groups === 1);
}
