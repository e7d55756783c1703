import type { ZooName } from '../../config/schema';
import { GraphBuilder } from '../graph/builder';
import type { Graph } from '../graph/graph';
import type { Shape } from '../graph/node';
import { convnet } from './convnet';
import { lenet } from './lenet';
import { mobilenetV1 } from './mobilenet-v1';
import { mobilenetV2 } from './mobilenet-v2';
import { resnetCifar } from './resnet-cifar';
import { resnetImagenet } from './resnet-imagenet';

export interface ZooOptions {
  /** `[height, width, channels]` of the images. */
  readonly inputShape: Shape;
  readonly classes: number;
  /** Width multiplier of MobileNets; others don't have one. Default 1. */
  readonly width?: number;
  /** Seed of the initial weights. */
  readonly seed: number;
}

type Architecture = (b: GraphBuilder, input: string, classes: number, width: number) => string;

const architectures: Readonly<Record<ZooName, Architecture>> = {
  lenet,
  convnet,
  resnet20: (b, input, classes) => resnetCifar(b, input, classes, 20),
  resnet32: (b, input, classes) => resnetCifar(b, input, classes, 32),
  resnet44: (b, input, classes) => resnetCifar(b, input, classes, 44),
  resnet56: (b, input, classes) => resnetCifar(b, input, classes, 56),
  resnet18: (b, input, classes) => resnetImagenet(b, input, classes, 18),
  resnet34: (b, input, classes) => resnetImagenet(b, input, classes, 34),
  resnet50: (b, input, classes) => resnetImagenet(b, input, classes, 50),
  'mobilenet-v1': mobilenetV1,
  'mobilenet-v2': mobilenetV2,
};

/**
 * A model from the zoo with fresh weights; its outputs are logits.
 * @throws GraphError when the images are too small for the architecture.
 */
export function buildZooModel(name: ZooName, { inputShape, classes, width = 1, seed }: ZooOptions): Graph {
  const builder = new GraphBuilder(name, seed);
  return builder.build(architectures[name](builder, builder.input(inputShape), classes, width));
}
