import { recalibrateBatchNorm } from '../../training/recalibrate';
import { decideBits } from '../decide-bits';
import type { Learner } from '../learner';
import { withCodebooks } from './codebooks';

/** Weights from codebooks (Han et al. 2016). */
export const nonUniform: Learner<'non-uniform'> = {
  plan(graph, stage, layers) {
    // Where k-means begins tells sizes as well as where it ends.
    return withCodebooks(graph, decideBits(graph, stage, layers), { ...stage.options, iterations: 0 }, 0);
  },
  async apply(graph, stage, { executor, dataset, layers, seed, signal }) {
    const clustered = withCodebooks(graph, decideBits(graph, stage, layers), stage.options, seed);
    const { recalibrate: samples } = stage.options;
    const options = { samples, batchSize: stage.training.batchSize, seed, signal };
    return { graph: await recalibrateBatchNorm(executor, clustered, dataset, options) };
  },
};
