import type { GraphBuilder } from '../graph/builder';
import { convBn } from './conv-bn';

/** Filters and stride of each depthwise separable block (Howard et al. 2017, table 1). */
const blocks: readonly (readonly [filters: number, strides: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/** MobileNet v1 (Howard et al. 2017). `width` scales every channel count; the resolution is the input's. */
export function mobilenetV1(b: GraphBuilder, input: string, classes: number, width: number): string {
  const scaled = (filters: number) => Math.max(8, Math.floor(filters * width));
  const stem = { name: 'conv1', filters: scaled(32), kernel: 3, strides: 2, padding: 'same' } as const;
  let x = b.relu6(convBn(b, input, 'bn1', stem), 'relu1');
  for (const [i, [filters, strides]] of blocks.entries()) {
    const at = `block${i + 1}`;
    const depthwise = { name: `${at}/dw`, kernel: 3, strides, padding: 'same', bias: false } as const;
    x = b.relu6(b.batchNorm(b.depthwiseConv2d(x, depthwise), { name: `${at}/dw/bn` }), `${at}/dw/relu`);
    const pointwise = { name: `${at}/pw`, filters: scaled(filters), kernel: 1 };
    x = b.relu6(convBn(b, x, `${at}/pw/bn`, pointwise), `${at}/pw/relu`);
  }
  return b.dense(b.globalAvgPool(x, false, 'pool'), { name: 'fc', units: classes });
}
