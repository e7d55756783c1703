import { setImmediate } from 'node:timers/promises';
import type { DisChnPrunedOptions } from '../../../config/learners/dis-chn-pruned';
import { makeGraph, withParameters, type Graph } from '../../graph/graph';
import { untilAborted } from '../../training/until-aborted';
import type { LearnerContext } from '../learner';
import { addClassifier, type Classifier } from './parts';

const BATCH_SIZE = 128;
export const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * Trains the whole model with the loss at its output and that of a classifier at `at` (Zhuang et al. 2018, algorithm 1, line
 * 5), which makes up for what earlier parts lost and makes the features there tell the classes apart.
 * @param at Absent: with its own loss alone, for the last part.
 * @returns The model, and the same with the trained classifier where there is one.
 */
export async function tune(
  graph: Graph,
  at: string | undefined,
  options: DisChnPrunedOptions,
  { executor, dataset, seed, signal }: LearnerContext,
): Promise<{ graph: Graph; classifier?: Classifier }> {
  const classifier = at === undefined ? undefined : addClassifier(graph, at, dataset.classes.length, seed);
  const model = classifier?.graph ?? graph;
  if (options.tuneSteps === 0) return { graph, ...(classifier && { classifier }) };
  const program = await executor.compileTraining(model, {
    optimizer: adam,
    labelSmoothing: 0,
    weightDecay: 0,
    seed,
    ...(classifier && { losses: [{ node: classifier.head, weight: options.discrimination, kind: 'labels' }] }),
  });
  try {
    let step = 0;
    for (let epoch = 0; step < options.tuneSteps; epoch++) {
      const batches = dataset.batches('train', { batchSize: BATCH_SIZE, shuffle: true, augment: true, epoch });
      for await (const batch of untilAborted(batches, signal)) {
        // Down to nothing, so that the model comes to rest before it is looked at.
        await program.step(batch, options.learningRate * (1 - step / options.tuneSteps));
        await setImmediate();
        if (++step === options.tuneSteps) break;
      }
    }
    const tuned = withParameters(model, await program.parameters());
    return {
      graph: makeGraph(graph.name, tuned.nodes, graph.output),
      ...(classifier && { classifier: { graph: tuned, head: classifier.head } }),
    };
  } finally {
    program.dispose();
  }
}
