import type { Graph } from '../../graph/graph';
import { hasWeight, type Tensor } from '../../graph/node';
import type { Parameters } from '../../runtime/executor';
import { sparsityOf } from './mask';

/** Exact zeros that training left by chance are rare; from this share on they were put there. */
const DELIBERATE = 0.01;

/** Masks of the weights that an earlier stage set to zero, by `node/param`: later stages keep them so. */
export function zeroMasks(graph: Graph): Parameters {
  const masks = new Map<string, Tensor>();
  for (const node of graph.nodes) {
    if (!hasWeight(node)) continue;
    const { weight } = node.params;
    if (sparsityOf(weight) < DELIBERATE) continue;
    masks.set(`${node.name}/weight`, { shape: weight.shape, data: weight.data.map((value) => (value === 0 ? 0 : 1)) });
  }
  return masks;
}
