import { describe, expect, it } from 'vitest';
import { hasWeight } from '../../../../src/engine/graph/node';
import { size } from '../../../../src/engine/graph/shape';
import { sparsitySeeds } from '../../../../src/engine/learners/weight-sparse/seeds';
import { buildZooModel } from '../../../../src/engine/zoo/zoo';

const graph = buildZooModel('lenet', { inputShape: [28, 28, 1], classes: 10, width: 1, seed: 1 });
const nodes = graph.nodes.filter(hasWeight);
const counts = nodes.map((node) => size(node.params.weight.shape));
const total = counts.reduce((sum, count) => sum + count, 0);
const seeds = sparsitySeeds(nodes, 0.1);

describe('rules of thumb for a sparsity', () => {
  it.each([...seeds.keys()])('%s leaves about the share of weights that is asked for', (name) => {
    const sparsities = seeds.get(name)!;
    const kept = sparsities.reduce((sum, sparsity, i) => sum + counts[i] * (1 - sparsity), 0);
    expect(kept / total).toBeCloseTo(0.1, 2);
    for (const sparsity of sparsities) {
      expect(sparsity).toBeGreaterThanOrEqual(0);
      expect(sparsity).toBeLessThanOrEqual(1);
    }
  });

  it('ERK leaves small layers denser than large ones', () => {
    const erk = seeds.get('erk')!;
    const [smallest, largest] = [Math.min(...counts), Math.max(...counts)].map((count) => counts.indexOf(count));
    expect(erk[smallest]).toBeLessThan(erk[largest]);
  });
});
