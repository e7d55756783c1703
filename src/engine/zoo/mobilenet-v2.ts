import type { GraphBuilder } from '../graph/builder';
import { convBn } from './conv-bn';

/** Expansion, filters, repeats and first stride of each stage (Sandler et al. 2018, table 2). */
const stages: readonly (readonly [expansion: number, filters: number, repeats: number, strides: number])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** MobileNet v2 (Sandler et al. 2018). `width` scales the channel counts, kept divisible by 8; the last is never below 1280. */
export function mobilenetV2(b: GraphBuilder, input: string, classes: number, width: number): string {
  const stem = { name: 'conv1', filters: divisible(32 * width), kernel: 3, strides: 2, padding: 'same' } as const;
  let x = b.relu6(convBn(b, input, 'bn1', stem), 'relu1');
  for (const [stage, [expansion, filters, repeats, first]] of stages.entries()) {
    for (let i = 0; i < repeats; i++) {
      const at = `stage${stage + 1}/block${i}`;
      x = invertedResidual(b, x, at, expansion, divisible(filters * width), i === 0 ? first : 1);
    }
  }
  const last = { name: 'conv2', filters: width > 1 ? divisible(1280 * width) : 1280, kernel: 1 };
  x = b.relu6(convBn(b, x, 'bn2', last), 'relu2');
  return b.dense(b.globalAvgPool(x, false, 'pool'), { name: 'fc', units: classes });
}

function invertedResidual(
  b: GraphBuilder,
  x: string,
  at: string,
  expansion: number,
  filters: number,
  strides: number,
): string {
  const channels = b.shapeOf(x)[2];
  let h = x;
  if (expansion > 1) {
    const expand = { name: `${at}/expand`, filters: expansion * channels, kernel: 1 };
    h = b.relu6(convBn(b, h, `${at}/expand/bn`, expand), `${at}/expand/relu`);
  }
  const depthwise = { name: `${at}/dw`, kernel: 3, strides, padding: 'same', bias: false } as const;
  h = b.relu6(b.batchNorm(b.depthwiseConv2d(h, depthwise), { name: `${at}/dw/bn` }), `${at}/dw/relu`);
  h = convBn(b, h, `${at}/project/bn`, { name: `${at}/project`, filters, kernel: 1 });
  return strides === 1 && channels === filters ? b.add(h, x, `${at}/add`) : h;
}

/** The nearest multiple of 8 that is at least 8 and at least 90 % of the wish, as the authors' code rounds. */
function divisible(wish: number): number {
  const rounded = Math.max(8, Math.floor((wish + 4) / 8) * 8);
  return rounded < 0.9 * wish ? rounded + 8 : rounded;
}
