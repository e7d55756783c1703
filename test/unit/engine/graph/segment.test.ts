import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { bottlenecks, segment } from '../../../../src/engine/graph/edits/segment';
import { inputNode } from '../../../../src/engine/graph/graph';
import { inferShapes } from '../../../../src/engine/graph/shape';
import { couplingGraph, couplings } from '../../../support/coupling-graphs';
import { referenceOutput } from '../../../support/reference-forward';
import { seededNormal } from '../../../support/seeded';

describe('bottlenecks', () => {
  it('leaves out what lies beside a shortcut', () => {
    const b = new GraphBuilder('g');
    const stem = b.conv2d(b.input([4, 4, 3]), { name: 'stem', filters: 4, kernel: 1 });
    const sum = b.add(b.conv2d(stem, { name: 'inner', filters: 4, kernel: 1 }), stem);
    const graph = b.build(b.dense(b.globalAvgPool(b.relu(sum)), { name: 'fc', units: 2 }));
    const names = bottlenecks(graph);
    expect(names).toContain('stem');
    expect(names).toContain(sum);
    expect(names).not.toContain('inner');
    expect(names[0]).toBe(inputNode(graph).name);
  });
});

describe('segment', () => {
  it.each(Object.keys(couplings))('goes on from any bottleneck of a model with %s', (name) => {
    const graph = couplingGraph(name);
    const shape = inputNode(graph).shape;
    const image = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, seededNormal(1));
    const expected = referenceOutput(graph, image);
    for (const stop of bottlenecks(graph)) {
      // The whole up to the stop, then the rest from there.
      const head = { ...segment(graph, inputNode(graph).name, [stop]), output: stop };
      const rest = segment(graph, stop, [graph.output]);
      expect(inferShapes(rest).get(stop)).toEqual(inferShapes(graph).get(stop));
      const features = stop === inputNode(graph).name ? image : referenceOutput(head, image);
      referenceOutput(rest, features).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
    }
  });
});
