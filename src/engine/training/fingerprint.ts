import { createHash } from 'node:crypto';
import type { TrainingPlan } from '../../config/plan';
import type { DatasetInfo } from '../data/dataset';
import type { Graph } from '../graph/graph';
import { hasParams } from '../graph/node';

/**
 * Says what is trained and how: the architecture, the data set, the plan and the seed; not the weights. A checkpoint
 * can be resumed only where this is the same.
 */
export function fingerprint(graph: Graph, dataset: DatasetInfo, plan: TrainingPlan, seed: number): string {
  const nodes = graph.nodes.map((node) =>
    hasParams(node)
      ? { ...node, params: Object.entries({ ...node.params }).map(([name, tensor]) => [name, tensor?.shape]) }
      : node,
  );
  const data = [dataset.name, dataset.classes.length, dataset.imageShape, dataset.normalization, dataset.counts];
  return createHash('sha256')
    .update(JSON.stringify([nodes, data, plan, seed]))
    .digest('hex');
}
