import { GraphBuilder } from '../../src/engine/graph/builder';
import { withParameters, parameters, type Graph } from '../../src/engine/graph/graph';
import { seededNormal } from './seeded';

type Build = (b: GraphBuilder, x: string) => string;

const convBn = (b: GraphBuilder, x: string, name: string, filters: number, strides = 1) =>
  b.batchNorm(b.conv2d(x, { name, filters, kernel: 3, strides, padding: 'same', bias: false }), { name: `${name}/bn` });
const head = (b: GraphBuilder, x: string) => b.dense(b.globalAvgPool(x), { name: 'fc', units: 5 });

/** One small model for each way in which channels are tied to each other. */
export const couplings: Readonly<Record<string, Build>> = {
  'a plain chain with flatten and dense': (b, x) => {
    const a = b.maxPool(b.relu(b.conv2d(x, { name: 'a', filters: 6, kernel: 3, padding: 'same' })), { size: 2 });
    const c = b.tanh(b.conv2d(a, { name: 'b', filters: 7, kernel: [3, 1], strides: [1, 2], dilations: [2, 1] }));
    return b.dense(b.relu(b.dense(b.dropout(b.flatten(c), 0.3), { name: 'd', units: 9 })), { name: 'fc', units: 5 });
  },
  'a residual addition': (b, x) => {
    const stem = b.relu(convBn(b, x, 'stem', 6));
    const inner = b.relu(convBn(b, stem, 'block/conv1', 5));
    return head(b, b.relu(b.add(convBn(b, inner, 'block/conv2', 6), stem)));
  },
  'a residual addition with projection': (b, x) => {
    const stem = b.relu6(convBn(b, x, 'stem', 4));
    const inner = b.relu(convBn(b, stem, 'block/conv1', 8, 2));
    const shortcut = convBn(b, stem, 'block/shortcut', 8, 2);
    return head(b, b.relu(b.add(convBn(b, inner, 'block/conv2', 8), shortcut)));
  },
  'a shortcut of slice and channel padding': (b, x) => {
    let h = b.relu(convBn(b, x, 'stem', 4));
    for (const [i, filters] of [8, 12].entries()) {
      const inner = b.relu(convBn(b, h, `block${i}/conv1`, filters, 2));
      const side = (filters - b.shapeOf(h)[2]) / 2;
      const shortcut = b.pad(b.slice(h, { strides: [2, 2, 1] }), [
        [0, 0],
        [0, 0],
        [side, side],
      ]);
      h = b.leakyRelu(b.add(convBn(b, inner, `block${i}/conv2`, filters), shortcut), 0.2);
    }
    return head(b, h);
  },
  'concatenation, densely connected': (b, x) => {
    let h = convBn(b, x, 'stem', 4);
    for (let i = 0; i < 3; i++)
      h = b.concat([h, b.conv2d(b.relu(h), { name: `grow${i}`, filters: 3, kernel: 3, padding: 'same' })]);
    return head(b, b.avgPool(h, { size: 3, strides: 2, padding: 1 }));
  },
  'depthwise convolution with a multiplier': (b, x) => {
    const a = b.relu6(convBn(b, x, 'a', 4));
    const d = b.depthwiseConv2d(a, { name: 'dw', kernel: 3, strides: 2, padding: 'same', multiplier: 2 });
    return head(
      b,
      b.relu(b.conv2d(b.sigmoid(b.batchNorm(d, { name: 'dw/bn' })), { name: 'pw', filters: 6, kernel: 1 })),
    );
  },
  'grouped convolution': (b, x) => {
    const a = b.relu(convBn(b, x, 'a', 6));
    const g = b.relu(b.conv2d(a, { name: 'g', filters: 9, kernel: 3, padding: 'same', groups: 3 }));
    return head(b, b.conv2d(g, { name: 'c', filters: 4, kernel: 1 }));
  },
  'a channel gate': (b, x) => {
    const a = b.relu(convBn(b, x, 'a', 8));
    const squeezed = b.relu(b.conv2d(b.globalAvgPool(a, true), { name: 'squeeze', filters: 4, kernel: 1 }));
    const gate = b.sigmoid(b.conv2d(squeezed, { name: 'excite', filters: 8, kernel: 1 }));
    return head(b, b.mul(a, gate));
  },
  'a channel slice': (b, x) => {
    const a = b.relu(convBn(b, x, 'a', 8));
    const [h, w] = b.shapeOf(a);
    const left = b.slice(a, { end: [h, w, 3] });
    const right = b.slice(a, { begin: [0, 0, 3], end: [h, w, 8] });
    const joined = b.concat([b.conv2d(left, { name: 'l', filters: 4, kernel: 1 }), right]);
    return head(b, b.conv2d(joined, { name: 'm', filters: 4, kernel: 1 }));
  },
  'reshape of an image into a vector and back': (b, x) => {
    const a = b.relu(b.conv2d(x, { name: 'a', filters: 6, kernel: 3, strides: 3 }));
    const vector = b.sigmoid(b.batchNorm(b.reshape(a, [54]), { name: 'bn' }));
    const d = b.relu(b.dense(vector, { name: 'd', units: 24 }));
    return head(b, b.conv2d(b.reshape(d, [2, 2, 6]), { name: 'c', filters: 4, kernel: 2 }));
  },
  'reshape and softmax': (b, x) => {
    const pooled = b.reshape(b.globalAvgPool(b.relu(convBn(b, x, 'a', 6)), true), [6]);
    return b.softmax(b.dense(b.relu(b.dense(pooled, { name: 'd', units: 7 })), { name: 'fc', units: 5 }));
  },
};

/** Builds one of them on `[10, 9, 3]` images, with batch norms that are not the identity. */
export function couplingGraph(name: string, seed = 1): Graph {
  const builder = new GraphBuilder(name, seed);
  const graph = builder.build(couplings[name](builder, builder.input([10, 9, 3])));
  const normal = seededNormal(seed + 100);
  const values = [...parameters(graph)].flatMap(([key, tensor]) => {
    if (!/\/(gamma|beta|mean|variance|bias)$/.test(key)) return [];
    const positive = /variance|gamma/.test(key);
    const data = tensor.data.map(() => (positive ? 0.5 + Math.abs(normal()) : 0.3 * normal()));
    return [[key, { shape: tensor.shape, data }] as const];
  });
  return withParameters(graph, new Map(values));
}
