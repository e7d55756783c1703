import type { GraphBuilder } from '../graph/builder';
import { convBn } from './conv-bn';

const stages: Readonly<Record<number, readonly number[]>> = {
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
  50: [3, 4, 6, 3],
};

/**
 * ResNet-18, -34 and -50 (He et al. 2016, table 1), with projection shortcuts where the shape changes. In the
 * bottlenecks of ResNet-50 the 3x3 convolution has the stride, as common implementations have it.
 */
export function resnetImagenet(b: GraphBuilder, input: string, classes: number, depth: 18 | 34 | 50): string {
  const stem = convBn(b, input, 'bn1', { name: 'conv1', filters: 64, kernel: 7, strides: 2, padding: 3 });
  let x = b.maxPool(b.relu(stem, 'relu1'), { name: 'maxpool', size: 3, strides: 2, padding: 1 });
  const block = depth === 50 ? bottleneck : basic;
  for (const [stage, count] of stages[depth].entries()) {
    for (let i = 0; i < count; i++) {
      x = block(b, x, `layer${stage + 1}/block${i}`, 64 * 2 ** stage, stage > 0 && i === 0 ? 2 : 1);
    }
  }
  return b.dense(b.globalAvgPool(x, false, 'pool'), { name: 'fc', units: classes });
}

function basic(b: GraphBuilder, x: string, at: string, filters: number, strides: number): string {
  const conv = { filters, kernel: 3, padding: 1 };
  const first = convBn(b, x, `${at}/bn1`, { ...conv, name: `${at}/conv1`, strides });
  const second = convBn(b, b.relu(first, `${at}/relu1`), `${at}/bn2`, { ...conv, name: `${at}/conv2` });
  return join(b, x, second, at, strides, 'relu2');
}

function bottleneck(b: GraphBuilder, x: string, at: string, filters: number, strides: number): string {
  const first = convBn(b, x, `${at}/bn1`, { name: `${at}/conv1`, filters, kernel: 1 });
  const second = convBn(b, b.relu(first, `${at}/relu1`), `${at}/bn2`, {
    name: `${at}/conv2`,
    filters,
    kernel: 3,
    padding: 1,
    strides,
  });
  const relu = b.relu(second, `${at}/relu2`);
  const third = convBn(b, relu, `${at}/bn3`, { name: `${at}/conv3`, filters: 4 * filters, kernel: 1 });
  return join(b, x, third, at, strides, 'relu3');
}

function join(b: GraphBuilder, x: string, branch: string, at: string, strides: number, relu: string): string {
  const filters = b.shapeOf(branch)[2];
  const shortcut =
    strides === 1 && b.shapeOf(x)[2] === filters
      ? x
      : convBn(b, x, `${at}/shortcut/bn`, { name: `${at}/shortcut/conv`, filters, kernel: 1, strides });
  return b.relu(b.add(branch, shortcut, `${at}/add`), `${at}/${relu}`);
}
