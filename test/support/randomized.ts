import type { Batch } from '../../src/engine/data/batch';
import { inputShape, parameters, withParameters, type Graph } from '../../src/engine/graph/graph';
import type { Tensor } from '../../src/engine/graph/node';
import { size } from '../../src/engine/graph/shape';
import { seededNormal } from './seeded';

/** The graph with every parameter drawn anew, biases and batch norm included, so that none of them is without effect. */
export function randomized(graph: Graph, seed: number): Graph {
  const normal = seededNormal(seed);
  const values = new Map<string, Tensor>();
  for (const [key, { shape, data }] of parameters(graph)) {
    const draw = (old: number): number => {
      if (key.endsWith('/variance')) return Math.exp(0.5 * normal());
      if (/\/(weight|min|max)$/.test(key)) return old;
      return (key.endsWith('/gamma') ? 1 : 0) + 0.3 * normal();
    };
    values.set(key, { shape, data: data.map(draw) });
  }
  return withParameters(graph, values);
}

/** Standard normal images with labels that go round. */
export function randomBatch(graph: Graph, count: number, classes: number, seed: number): Batch {
  const normal = seededNormal(seed);
  const images = Float32Array.from({ length: count * size(inputShape(graph)) }, () => normal());
  return { count, images, labels: Int32Array.from({ length: count }, (_, i) => i % classes) };
}
