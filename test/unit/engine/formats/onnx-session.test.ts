import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { measureLatencies } from '../../../../src/engine/formats/latency';
import { OnnxSession } from '../../../../src/engine/formats/onnx-session';
import { writeModel } from '../../../../src/engine/formats/write-model';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { inputShape } from '../../../../src/engine/graph/graph';
import { size } from '../../../../src/engine/graph/shape';
import { randomBatch } from '../../../support/randomized';
import { referenceOutput } from '../../../support/reference-forward';
import { temporaryFolder } from '../../../support/temporary-folder';

function colourModel(size: number) {
  const b = new GraphBuilder('colour', 1);
  const features = b.globalAvgPool(
    b.relu(b.conv2d(b.input([size, size + 1, 3]), { name: 'c', filters: 4, kernel: 3 })),
  );
  return b.build(b.dense(features, { name: 'fc', units: 5 }));
}

describe('OnnxSession', () => {
  it('gives each image of a batch the scores that the graph gives it', async () => {
    const graph = colourModel(6);
    const { path } = await writeModel(graph, 'onnx', temporaryFolder(), 'colour');
    const batch = randomBatch(graph, 3, 5, 2);
    const session = await OnnxSession.open(path, 1);
    const scores = await session.forward(batch, inputShape(graph));
    await session.close();
    const length = size(inputShape(graph));
    for (const image of [0, 1, 2]) {
      const expected = referenceOutput(graph, batch.images.subarray(image * length, (image + 1) * length));
      expected.forEach((value, i) => expect(scores[image * 5 + i]).toBeCloseTo(value, 4));
    }
  });

  it('names a file that onnxruntime refuses', async () => {
    const path = join(temporaryFolder(), 'broken.onnx');
    writeFileSync(path, 'not a model');
    await expect(OnnxSession.open(path, 1)).rejects.toThrow(`onnxruntime can't open ${path}`);
  });
});

describe('measureLatencies', () => {
  it('tells a large model from a small one', async () => {
    const folder = temporaryFolder();
    const b = new GraphBuilder('large', 1);
    const shape = [32, 33, 3];
    const x = b.conv2d(b.input(shape), { name: 'c1', filters: 64, kernel: 3 });
    const large = b.build(b.globalAvgPool(b.conv2d(x, { name: 'c2', filters: 64, kernel: 3 })));
    const paths = [
      (await writeModel(colourModel(32), 'onnx', folder, 'small')).path,
      (await writeModel(large, 'onnx', folder, 'large')).path,
    ];
    const [small, slow] = await measureLatencies(paths, shape, 1);
    expect(small.medianMs).toBeGreaterThan(0);
    expect(slow.medianMs).toBeGreaterThan(2 * small.medianMs);
    expect(small.runs).toBe(slow.runs);
  });

  it('stops when it is told to', async () => {
    const graph = colourModel(6);
    const { path } = await writeModel(graph, 'onnx', temporaryFolder(), 'small');
    await expect(measureLatencies([path], inputShape(graph), 1, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
