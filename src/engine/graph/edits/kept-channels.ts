import { GraphError, type Graph } from '../graph';
import type { ChannelGroup } from '../groups';
import { inferShapes } from '../shape';

/** For each group that shrinks, by id: indices of the units that stay. Groups that are not named stay whole. */
export type KeptUnits = ReadonlyMap<string, readonly number[]>;

/**
 * For each node the output channels that stay, ascending.
 * @throws GraphError when a group or unit is unknown, or a node would be left without channels.
 */
export function keptChannels(
  graph: Graph,
  groups: readonly ChannelGroup[],
  kept: KeptUnits,
): ReadonlyMap<string, readonly number[]> {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const removed = new Map<string, Set<number>>();
  for (const [id, keep] of kept) {
    const group = byId.get(id);
    if (!group) throw new GraphError(`there is no channel group "${id}"`);
    const stays = new Set(keep);
    const unknown = keep.find((index) => !group.units[index]);
    if (unknown !== undefined) throw new GraphError(`group "${id}" has no unit ${unknown}`);
    group.units.forEach((unit, index) => {
      if (stays.has(index)) return;
      for (const [node, channels] of unit.channels) {
        const gone = removed.get(node) ?? new Set();
        for (const channel of channels) gone.add(channel);
        removed.set(node, gone);
      }
    });
  }
  const result = new Map<string, readonly number[]>();
  for (const [name, shape] of inferShapes(graph)) {
    const gone = removed.get(name);
    const stays = Array.from({ length: shape[shape.length - 1] }, (_, i) => i).filter((i) => !gone?.has(i));
    if (stays.length === 0) throw new GraphError('all its channels would be removed: keep at least one', name);
    result.set(name, stays);
  }
  return result;
}
