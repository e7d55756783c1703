import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { describeBackends, selectExecutor } from '../../../../src/engine/runtime/select';
import { randomBatch } from '../../../support/randomized';

describe('selecting an executor', () => {
  it('finds WebAssembly anywhere, and says of every backend its version or what is wrong', async () => {
    const findings = await describeBackends();
    expect(findings.map(({ name }) => name)).toEqual(['onednn', 'tfjs-node', 'wasm']);
    expect(findings[2]).toMatchObject({ available: true });
    for (const { available, version, reason } of findings) expect(available ? version : reason).toBeTruthy();
  });

  it('picks the first backend that loads, and says why', async () => {
    const { executor, threads, reason } = await selectExecutor({ backend: 'auto', threads: 'auto' });
    const best = (await describeBackends()).find(({ available }) => available);
    expect(executor.name).toBe(best?.name);
    expect(threads).toBeGreaterThan(0);
    expect(reason).toMatch(/fastest/);
  });

  it('says when a backend was loaded with other threads than are asked for', async () => {
    const first = await selectExecutor({ backend: 'wasm', threads: 'auto' });
    const second = await selectExecutor({ backend: 'wasm', threads: first.threads + 1 });
    expect(second.threads).toBe(first.threads);
    expect(second.reason).toMatch(new RegExp(`${first.threads} threads instead of ${first.threads + 1}`));
  });

  it('lets programs of two backends take turns', async () => {
    const b = new GraphBuilder('net', 1);
    const conv = b.conv2d(b.input([5, 5, 2]), { name: 'conv', filters: 3, kernel: 3 });
    const graph = b.build(b.flatten(b.relu(b.batchNorm(conv, { name: 'bn' }))));
    const batch = randomBatch(graph, 2, 1, 1);
    const outputs: Float32Array[] = [];
    const names = (await describeBackends()).filter(({ available }) => available).map(({ name }) => name);
    const programs = await Promise.all(
      names.map(async (backend) => (await selectExecutor({ backend, threads: 'auto' })).executor.compile(graph)),
    );
    for (let turn = 0; turn < 2; turn++) for (const program of programs) outputs.push(await program.forward(batch));
    for (const output of outputs) output.forEach((value, i) => expect(value).toBeCloseTo(outputs[0][i], 5));
    for (const program of programs) program.dispose();
  });
});
