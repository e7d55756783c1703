import type { Learner } from '../learner';
import { calibrationImages } from '../channel/sampling';
import { activationRanges } from './calibrate';
import { decideBits } from '../decide-bits';
import { quantizeGraph } from './quantize';

/** Uniform quantization of weights and activations (Jacob et al. 2018). */
export const uniform: Learner<'uniform'> = {
  plan(graph, stage, layers) {
    return quantizeGraph(graph, decideBits(graph, stage, layers), stage.options);
  },
  async apply(graph, stage, { executor, dataset, layers, signal }) {
    const candidate = quantizeGraph(graph, decideBits(graph, stage, layers), stage.options);
    const images = await calibrationImages(dataset, candidate, stage.options.samples);
    return { graph: await activationRanges(candidate, images, executor, stage.options.activationRange, signal) };
  },
};
