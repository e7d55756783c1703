import type { GraphBuilder } from '../graph/builder';
import { convBn } from './conv-bn';

/**
 * ResNet for 32 x 32 images with `6n + 2` weighted layers (He et al. 2016, section 4.2): three stages of n basic blocks
 * with 16, 32 and 64 filters. Shortcuts have no parameters (option A): every other pixel, channels padded with zeros.
 */
export function resnetCifar(b: GraphBuilder, input: string, classes: number, depth: number): string {
  const blocks = (depth - 2) / 6;
  let x = b.relu(convBn(b, input, 'bn1', { name: 'conv1', filters: 16, kernel: 3, padding: 'same' }), 'relu1');
  for (const [stage, filters] of [16, 32, 64].entries()) {
    for (let block = 0; block < blocks; block++) {
      const at = `layer${stage + 1}/block${block}`;
      x = basicBlock(b, x, at, filters, stage > 0 && block === 0 ? 2 : 1);
    }
  }
  return b.dense(b.globalAvgPool(x, false, 'pool'), { name: 'fc', units: classes });
}

function basicBlock(b: GraphBuilder, x: string, at: string, filters: number, strides: number): string {
  // Padding 1 on all sides, as the models that people bring have it; "same" would pad a strided window unevenly.
  const conv = { filters, kernel: 3, padding: 1 };
  const first = convBn(b, x, `${at}/bn1`, { ...conv, name: `${at}/conv1`, strides });
  const second = convBn(b, b.relu(first, `${at}/relu1`), `${at}/bn2`, { ...conv, name: `${at}/conv2` });
  const shortcut = strides === 1 ? x : padShortcut(b, x, at, filters, strides);
  return b.relu(b.add(second, shortcut, `${at}/add`), `${at}/relu2`);
}

function padShortcut(b: GraphBuilder, x: string, at: string, filters: number, strides: number): string {
  const sampled = b.slice(x, { strides: [strides, strides, 1] }, `${at}/slice`);
  const missing = filters - b.shapeOf(x)[2];
  const before = Math.floor(missing / 2);
  return b.pad(
    sampled,
    [
      [0, 0],
      [0, 0],
      [before, missing - before],
    ],
    `${at}/pad`,
  );
}
