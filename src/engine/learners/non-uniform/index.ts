import { recalibrateBatchNorm } from '../../training/recalibrate';
import { calibrationImages } from '../channel/sampling';
import { decideBits } from '../decide-bits';
import type { Learner } from '../learner';
import { refineOnImages } from '../rounding/refine-on-images';
import { withCodebooks } from './codebooks';

/** Weights from codebooks (Han et al. 2016). */
export const nonUniform: Learner<'non-uniform'> = {
  plan(graph, stage, layers) {
    // Where k-means begins tells sizes as well as where it ends.
    return withCodebooks(graph, decideBits(graph, stage, layers), { ...stage.options, iterations: 0 }, 0);
  },
  async apply(graph, stage, { executor, dataset, layers, seed, signal }) {
    const { options, training } = stage;
    const clustered = withCodebooks(graph, decideBits(graph, stage, layers), options, seed);
    const adaptive = options.rounding === 'adaptive';
    const images = adaptive ? await calibrationImages(dataset, graph, options.samples) : [];
    const refinement = { adaptive, biases: adaptive };
    const refined = await refineOnImages(graph, clustered, refinement, { executor, images, seed, signal });
    const recalibrated = await recalibrateBatchNorm(executor, refined.graph, dataset, {
      samples: options.recalibrate,
      batchSize: training.batchSize,
      seed,
      signal,
    });
    return { ...refined, graph: recalibrated };
  },
};
