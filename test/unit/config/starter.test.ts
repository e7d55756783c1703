import { describe, expect, it } from 'vitest';
import { zooNames } from '../../../src/config/model';
import { parseConfig } from '../../../src/config/parse';
import { resolveConfig } from '../../../src/config/resolve';
import { datasetsFor, goals, starterText, type StarterModel } from '../../../src/config/starter';

const half = goals[0];
if (!half) throw new Error('there is no goal');

/** What a text comes to; it has no problem. */
function planOf(text: string): ReturnType<typeof resolveConfig> {
  const { config, problems } = parseConfig(text);
  expect(problems, text).toEqual([]);
  if (!config) throw new Error('unreachable');
  return resolveConfig(config, { baseDirectory: '/project' });
}

describe('a new config', () => {
  it.each(zooNames)('of %s is valid for each of its data sets and each goal', (name) => {
    const model: StarterModel = { kind: 'zoo', name };
    for (const goal of goals) {
      for (const dataset of datasetsFor(model))
        expect(planOf(starterText(model, { kind: 'builtin', name: dataset }, goal)).stages[0]?.target).toBeDefined();
      const folder = planOf(starterText(model, { kind: 'folder', path: './photos' }, goal));
      expect(folder.dataset).toMatchObject({ kind: 'folder', folder: '/project/photos', imageSize: 224 });
    }
  });

  it('of a model file gives it images of the size that it reads', () => {
    const model: StarterModel = { kind: 'file', path: "./a model's.onnx", input: [96, 96, 3] };
    const plan = planOf(starterText(model, { kind: 'folder', path: '../my photos' }, half));
    expect(plan).toMatchObject({
      model: { kind: 'file', path: "/project/a model's.onnx" },
      dataset: { folder: '/my photos', imageSize: 96 },
    });
  });

  it('offers the data sets whose images fit', () => {
    const file = (input?: number[]): StarterModel => ({ kind: 'file', path: 'a.onnx', ...(input && { input }) });
    expect(datasetsFor(file([32, 32, 3]))).toEqual(['cifar10']);
    expect(datasetsFor(file([28, 28, 1]))).toEqual(['mnist', 'fashion-mnist']);
    expect(datasetsFor(file([224, 224, 3]))).toEqual([]);
    expect(datasetsFor(file())).toHaveLength(3);
  });

  it('each goal is another', () => {
    expect(new Set(goals.map(({ target }) => target)).size).toBe(goals.length);
  });
});
