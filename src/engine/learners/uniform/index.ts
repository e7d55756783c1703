import { foldBatchNorms } from '../../graph/edits/fold-batch-norms';
import type { Graph } from '../../graph/graph';
import { calibrationImages } from '../channel/sampling';
import { decideBits } from '../decide-bits';
import type { Learner, LearnerContext, StageOf } from '../learner';
import { refineOnImages } from '../rounding/refine-on-images';
import { activationRanges } from './calibrate';
import { equalizeLayers } from './equalize';
import { quantizeGraph } from './quantize';

/** Uniform quantization of weights and activations (Jacob et al. 2018). */
export const uniform: Learner<'uniform'> = {
  plan(graph, stage, layers) {
    return quantizeGraph(foldBatchNorms(graph), decideBits(graph, stage, layers), stage.options);
  },
  apply: quantizeOnImages,
};

/** The whole way without training: what it needs of the data are images, no labels. */
async function quantizeOnImages(
  graph: Graph,
  stage: StageOf<'uniform'>,
  { executor, dataset, layers, seed, signal }: LearnerContext,
) {
  const { options } = stage;
  const folded = foldBatchNorms(graph);
  const float = options.equalize ? equalizeLayers(folded) : folded;
  const images = await calibrationImages(dataset, float, options.samples);
  const bits = decideBits(graph, stage, layers);
  const rounded = quantizeGraph(float, bits, options);
  const refinement = { adaptive: options.rounding === 'adaptive', biases: options.biasCorrection };
  const refined = await refineOnImages(float, rounded, refinement, { executor, images, seed, signal });
  const ranged = await activationRanges(refined.graph, images, executor, options.activationRange, signal);
  return { graph: ranged, errors: refined.errors };
}
