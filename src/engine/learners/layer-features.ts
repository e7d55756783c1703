import { graphCost } from '../graph/cost';
import type { Graph } from '../graph/graph';
import { hasWeight } from '../graph/node';

/**
 * What a search that learns across layers sees of each, as in AMC (He et al. 2018, section 3.1): kernel, channels in and out,
 * multiply-adds and parameters, the last four by their logarithms, which differ less.
 */
export function layerFeatures(graph: Graph): ReadonlyMap<string, readonly number[]> {
  const costs = new Map(graphCost(graph).layers.map((layer) => [layer.name, layer]));
  return new Map(
    graph.nodes.filter(hasWeight).map((node) => {
      const { shape } = node.params.weight;
      const [inputs, outputs] = shape.slice(-2);
      const { macs = 0, params = 0 } = costs.get(node.name) ?? {};
      return [
        node.name,
        [shape.length === 4 ? shape[0] * shape[1] : 1, ...[inputs, outputs, macs, params].map(Math.log1p)],
      ];
    }),
  );
}
