import { describe, expect, it } from 'vitest';
import { parameters, withParameters } from '../../../../src/engine/graph/graph';
import { trainFullPrecision } from '../../../../src/engine/learners/full-prec/full-prec';
import { CheckpointStore } from '../../../../src/engine/training/checkpoint';
import { linearExecutor, linearGraph } from '../../../support/linear-executor';
import { syntheticDataset } from '../../../support/synthetic-dataset';
import { temporaryFolder } from '../../../support/temporary-folder';
import { trainingPlan } from '../../../support/training-plan';

const dataset = syntheticDataset({
  classes: 4,
  imageShape: [2, 2, 2],
  counts: { train: 80, validation: 40, test: 40 },
});
const weight = { shape: [8, 4], data: new Float32Array(32).fill(7) };
const graph = withParameters(linearGraph([2, 2, 2], 4), new Map([['fc/weight', weight]]));
const shared = {
  executor: linearExecutor,
  graph,
  dataset,
  phase: 'baseline',
  seed: 5,
  emit: () => undefined,
  signal: new AbortController().signal,
};

describe('full-prec', () => {
  it('starts anew or goes on, as the mode says', async () => {
    const start = async (mode: 'retrain' | 'finetune', seed: number) => {
      const plan = trainingPlan({ mode, epochs: 0 });
      const { graph: result } = await trainFullPrecision({ ...shared, plan, seed });
      return parameters(result).get('fc/weight')!.data;
    };
    expect(await start('finetune', 5)).toEqual(weight.data);
    expect(await start('retrain', 5)).not.toEqual(weight.data);
    expect(await start('retrain', 5)).toEqual(await start('retrain', 5));
    expect(await start('retrain', 5)).not.toEqual(await start('retrain', 6));
  });

  it('goes on from its checkpoint when stopped, to the same bits', async () => {
    const plan = trainingPlan({ mode: 'retrain' });
    const straight = await trainFullPrecision({ ...shared, plan });
    const stop = new AbortController();
    const checkpoints = new CheckpointStore(temporaryFolder());
    const emit = ({ type }: { type: string }) => (type === 'epoch' ? stop.abort() : undefined);
    const stopped = trainFullPrecision({ ...shared, plan, checkpoints, emit, signal: stop.signal });
    await expect(stopped).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    const resumed = await trainFullPrecision({ ...shared, plan, checkpoints });
    expect(parameters(resumed.graph)).toEqual(parameters(straight.graph));
  });
});
