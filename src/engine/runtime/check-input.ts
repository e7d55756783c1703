import type { Batch } from '../data/batch';
import { GraphError, inputNode, type Graph } from '../graph/graph';
import { size } from '../graph/shape';

/** @throws GraphError when a batch isn't of the size that the model takes. */
export function checkInput(graph: Graph, { images, count }: Batch): void {
  const { name, shape } = inputNode(graph);
  if (images.length === count * size(shape)) return;
  throw new GraphError(
    `the model takes ${count} samples of [${shape.join(', ')}], ${count * size(shape)} numbers, ` +
      `but the batch has ${images.length}: check the data set's image size and channels`,
    name,
  );
}
