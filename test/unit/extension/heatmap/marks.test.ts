import { describe, expect, it } from 'vitest';
import { heatOf } from '../../../../src/extension/heatmap/marks';
import { LEVELS, levelOf } from '../../../../src/runs/palette';
import { layerLines } from '../../../../src/language/layer-lines';
import { lenetLayers } from '../../../support/journals';

const facts = lenetLayers([0.5, 0.25, 1]);
const config = 'model: lenet\nlayers:\n  conv1: { keep: 0.5 }\n  "conv*": {}\n  nothing: {}\n';

describe('the heat of a config', () => {
  it('gives a line the figures of its layer', () => {
    const [conv1] = heatOf(layerLines(config), facts, 'kept').marks;
    expect(conv1).toMatchObject({ line: 2, level: levelOf(0.5) });
    expect(conv1?.text).toBe('████░░░░ 50 %: 16 of 32 channels');
    expect(conv1?.hover).toContain('`conv1` | 16 of 32 channels');
  });

  it('gives a pattern the mean of its layers and their range, and skips one that matches none', () => {
    const { marks } = heatOf(layerLines(config), facts, 'kept');
    expect(marks.map(({ line }) => line)).toEqual([2, 3]);
    expect(marks[1]?.text).toBe('██░░░░░░ 25 %: channels, 2 layers, 25 % to 50 %');
  });

  it('sums up all layers at `layers`, and lists those without a line', () => {
    const { summary } = heatOf(layerLines(config), facts, 'kept');
    expect(summary).toMatchObject({ line: 1 });
    expect(summary?.text).toMatch(/^▅▃██ 4 layers, 2 without a line: \d+ % of the FLOPs left/);
    expect(summary?.hover).toContain('fc3');
    expect(summary?.hover).not.toContain('conv2');
  });

  it('stays small however many lines there are', () => {
    const lines = Array.from({ length: 5000 }, (_, line) => ({ line, patterns: ['conv1'] }));
    expect(heatOf({ lines, summary: undefined }, facts, 'kept').marks.length).toBeLessThan(1000);
  });
});

describe('the level of a share', () => {
  it('goes from all to nothing left', () => {
    expect([1, 0.5, 0].map(levelOf)).toEqual([0, LEVELS / 2, LEVELS - 1]);
  });
});
