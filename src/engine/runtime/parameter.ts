import { GraphError } from '../graph/graph';
import type { Tensor } from '../graph/node';

/** The parameter with this key, `node/param`, of those that have to be there. */
export function parameter(values: ReadonlyMap<string, Tensor>, key: string): Tensor {
  const tensor = values.get(key);
  if (!tensor) throw new GraphError(`there is no parameter "${key}"`);
  return tensor;
}
