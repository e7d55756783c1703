import { mkdtemp, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ZooName } from '../../../../src/config/schema';
import { readModel } from '../../../../src/engine/formats/read-model';
import { writeModel } from '../../../../src/engine/formats/write-model';
import { inputShape, type Graph } from '../../../../src/engine/graph/graph';
import { size } from '../../../../src/engine/graph/shape';
import { buildZooModel } from '../../../../src/engine/zoo/zoo';
import { couplingGraph, couplings } from '../../../support/coupling-graphs';
import { referenceOutput } from '../../../support/reference-forward';
import { runTfjsSample } from '../../../support/run-tfjs';
import { seededNormal } from '../../../support/seeded';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pocketflow-'));
});
afterEach(() => rm(folder, { recursive: true }));

const sampleFor = (graph: Graph) => Float32Array.from({ length: size(inputShape(graph)) }, seededNormal(7));

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  expect(actual.length).toBe(expected.length);
  Array.from(actual).forEach((value, i) => expect(Math.abs(value - expected[i]) / scale).toBeLessThan(1e-4));
}

// TF.js layers can't say these; the writer has to refuse them and not write something else.
const beyondKeras = ['grouped convolution', 'concatenation, densely connected', 'a plain chain with flatten and dense'];

describe.each(Object.keys(couplings).filter((name) => !beyondKeras.includes(name)))('a model with %s', (name) => {
  it('runs in TF.js as it computes, and is the same when read back', async () => {
    const graph = couplingGraph(name);
    const sample = sampleFor(graph);
    const { path, bytes } = await writeModel(graph, 'tfjs', folder, 'model');
    expect(bytes).toBeGreaterThan(0);
    const expected = referenceOutput(graph, sample);
    expectClose(await runTfjsSample(path, sample, inputShape(graph)), expected);
    expectClose(referenceOutput(await readModel(path), sample), expected);
  });
});

describe.each<[ZooName, number, number]>([
  ['lenet', 28, 1],
  ['resnet20', 32, 3],
  ['resnet18', 64, 3],
  ['mobilenet-v2', 64, 3],
])('%s', (name, resolution, channels) => {
  it('runs in TF.js', async () => {
    const graph = buildZooModel(name, {
      inputShape: [resolution, resolution, channels],
      classes: 10,
      width: 0.25,
      seed: 1,
    });
    const sample = sampleFor(graph);
    const { path } = await writeModel(graph, 'tfjs', folder, name);
    const output = await runTfjsSample(path, sample, inputShape(graph));
    const back = await writeModel(await readModel(path), 'tfjs', folder, 'again');
    expectClose(await runTfjsSample(back.path, sample, inputShape(graph)), output);
    if (resolution < 64) expectClose(output, referenceOutput(graph, sample));
  });
});

describe('what can not be done', () => {
  it.each(beyondKeras)('refuses to write %s, naming the node', async (name) => {
    await expect(writeModel(couplingGraph(name), 'tfjs', folder, 'model')).rejects.toThrow(/node "\w+" /);
  });

  const written = async () => (await writeModel(couplingGraph('a residual addition'), 'tfjs', folder, 'm')).path;
  const shard = (path: string) => path.replace('model.json', 'group1-shard1of1.bin');

  it('names the shard that is missing', async () => {
    const path = await written();
    await unlink(shard(path));
    await expect(readModel(path)).rejects.toThrow(/group1-shard1of1.bin is missing/);
  });

  it('names the weight at which a shard ends', async () => {
    const path = await written();
    await truncate(shard(path), 500);
    await expect(readModel(path)).rejects.toThrow(/in the middle of the weight "/);
  });

  it('recognises a cut model.json at any of its places', async () => {
    const path = await written();
    const text = await readFile(path, 'utf8');
    for (const share of [0, 0.2, 0.5, 0.99]) {
      await writeFile(path, text.slice(0, Math.floor(share * text.length)));
      await expect(readModel(path)).rejects.toThrow(/model\.json: /);
    }
  });

  it('names a layer that it does not know', async () => {
    const path = await written();
    await writeFile(path, (await readFile(path, 'utf8')).replace('"class_name":"ReLU"', '"class_name":"PReLU"'));
    await expect(readModel(path)).rejects.toThrow(/layer "\w+" is a PReLU/);
  });

  it('says how to convert a graph model', async () => {
    const path = join(folder, 'model.json');
    await writeFile(path, JSON.stringify({ format: 'graph-model', modelTopology: {}, weightsManifest: [] }));
    await expect(readModel(path)).rejects.toMatchObject({ hint: expect.stringContaining('tfjs_layers_model') });
  });
});
