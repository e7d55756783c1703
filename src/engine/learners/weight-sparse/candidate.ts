import { recalibrateBatchNorm } from '../../training/recalibrate';
import type { Graph } from '../../graph/graph';
import type { Candidate, LearnerContext, StageOf } from '../learner';
import type { SparsityDecision } from './decision';
import { pruneByReconstruction } from './one-shot';
import { parsePattern } from './pattern';
import { pruneAtOnce } from './weight-sparse';

/** The model with its sparsities before training: pruned by the options' method, its batch norms recalibrated. */
export async function sparseCandidate(
  graph: Graph,
  decision: SparsityDecision,
  { options }: StageOf<'weight-sparse'>,
  context: LearnerContext,
): Promise<Candidate> {
  const pruned =
    options.method === 'obs'
      ? await pruneByReconstruction(graph, decision, options, context)
      : { graph: pruneAtOnce(graph, decision, parsePattern(options.pattern)) };
  const { executor, dataset, seed, signal } = context;
  const sampling = { samples: options.recalibrate, batchSize: 128, seed, signal };
  return { ...pruned, graph: await recalibrateBatchNorm(executor, pruned.graph, dataset, sampling) };
}
