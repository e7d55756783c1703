import { targetMetrics } from '../config/learners';
import type { ConfigPath } from '../config/problem';
import { bytes, count } from '../runs/units';
import type { ConfigDocument } from './document';
import type { Size, Surroundings } from './surroundings';

/** What a target of a stage comes to: the model as the stage would leave it. */
export function targetText(document: ConfigDocument, path: ConfigPath, around: Surroundings): string | undefined {
  const stage = path[0] === 'stages' && typeof path[1] === 'number' ? path[1] : 0;
  const outlook = around.outlook?.stages[stage];
  if (outlook && 'problem' in outlook) return `Can't be done: ${outlook.problem}.`;
  if (outlook) return sizeText(outlook.after);
  const metric = targetMetrics.find((candidate) => candidate === path.at(-1));
  const value = document.plain(document.nodeAt(path));
  if (!around.model || typeof value !== 'number' || stage > 0 || metric === undefined) return undefined;
  return shareText(metric, value, around.model.total);
}

/** `20.6 M FLOPs, 137 k params`. */
export function sizeText({ flops, params }: Size): string {
  return `${count(flops)} FLOPs, ${count(params)} params`;
}

function shareText(metric: string, value: number, total: Size): string | undefined {
  switch (metric) {
    case 'flops':
      return `At most ${count(value * total.flops)} FLOPs.`;
    case 'params':
      return `At most ${count(value * total.params)} params.`;
    case 'bytes':
      return `At most ${bytes(value * total.bytes)}.`;
    case 'sparsity':
      return `${count((1 - value) * total.params)} params that are not zero.`;
    default:
      return undefined;
  }
}
