import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointError, CheckpointStore, type Checkpoint } from '../../../../src/engine/training/checkpoint';
import { temporaryFolder } from '../../../support/temporary-folder';

function checkpoint(step: number): Checkpoint {
  return {
    state: { step, tensors: new Map([['fc/weight', { shape: [2], data: Float32Array.of(step, 0.1) }]]) },
    position: { history: [], running: { loss: 0.1, correct: 3, samples: 8, seconds: 0.25, busySeconds: 0.2 } },
    hook: new Map([['fc/weight', { shape: [2], data: Float32Array.of(0, 1) }]]),
  };
}

describe('CheckpointStore', () => {
  it('gives back the newest checkpoint as it was, and keeps the one before it', async () => {
    const store = new CheckpointStore(join(temporaryFolder(), 'made', 'when needed'));
    for (const step of [90, 100, 1000]) await store.save(checkpoint(step), 'x');
    const { checkpoint: loaded, damaged } = await store.load('x');
    expect(loaded).toMatchObject(checkpoint(1000));
    expect(damaged).toEqual([]);
    expect(readdirSync(store.directory)).toHaveLength(2);
  });

  it('has none at first, and none when cleared', async () => {
    const store = new CheckpointStore(join(temporaryFolder(), 'missing'));
    expect(await store.load('x')).toEqual({ damaged: [] });
    await store.save(checkpoint(1), 'x');
    await store.clear();
    expect(await store.load('x')).toEqual({ damaged: [] });
  });

  it('falls back to the one before when the newest is cut, and forgets the damaged one in time', async () => {
    const store = new CheckpointStore(temporaryFolder());
    await store.save(checkpoint(100), 'x');
    const newest = await store.save(checkpoint(200), 'x');
    truncateSync(newest, readFileSync(newest).length - 1);
    expect(await store.load('x')).toMatchObject({ checkpoint: checkpoint(100), damaged: [newest] });
    await store.save(checkpoint(150), 'x');
    expect(await store.load('x')).toMatchObject({ checkpoint: checkpoint(150), damaged: [] });
  });

  it('refuses a checkpoint of another training, saying which file and what to do', async () => {
    const store = new CheckpointStore(temporaryFolder());
    const path = await store.save(checkpoint(100), 'x');
    await expect(store.load('y')).rejects.toThrow(CheckpointError);
    await expect(store.load('y')).rejects.toThrow(path);
    await expect(store.load('y')).rejects.toThrow(/start a new run/);
  });

  it('says that it cannot write, and loses nothing', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(new CheckpointStore(join(folder, 'file', 'x')).save(checkpoint(1), 'x')).rejects.toThrow(
      /cannot write the checkpoint .*step-000000001/,
    );
    const store = new CheckpointStore(folder);
    await store.save(checkpoint(1), 'x');
    mkdirSync(join(folder, 'step-000000002.safetensors'));
    await expect(store.save(checkpoint(2), 'x')).rejects.toThrow(CheckpointError);
    mkdirSync(join(folder, 'unrelated'));
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});
