import type { ModelFacts } from '../../src/language/surroundings';

/** A model with layers in blocks. */
export const blockModel: ModelFacts = {
  name: 'blocks',
  layers: [
    { name: 'conv1', kind: 'conv2d', shape: [32, 32, 16], flops: 884_736, params: 432 },
    { name: 'block1/conv1', kind: 'conv2d', shape: [32, 32, 16], flops: 4_718_592, params: 2304 },
    { name: 'block1/conv2', kind: 'conv2d', shape: [32, 32, 16], flops: 4_718_592, params: 2304 },
    { name: 'fc', kind: 'dense', shape: [10], flops: 1280, params: 650 },
  ],
  total: { flops: 10_323_200, params: 5690, bytes: 22_760 },
};
