import { GraphError, parameters, withParameters, type Graph } from '../graph/graph';
import type { Tensor } from '../graph/node';
import type { Parameters } from '../runtime/executor';

/**
 * The graph with masked entries set to zero.
 * @param masks 0/1 by `node/param`.
 * @throws GraphError when a mask fits no parameter.
 */
export function withMasks(graph: Graph, masks: Parameters): Graph {
  const values = new Map<string, Tensor>();
  const current = parameters(graph);
  for (const [key, mask] of masks) {
    const tensor = current.get(key);
    if (tensor?.data.length !== mask.data.length) throw new GraphError(`the mask "${key}" fits no parameter`);
    values.set(key, { shape: tensor.shape, data: tensor.data.map((value, i) => value * mask.data[i]) });
  }
  return withParameters(graph, values);
}
