import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compress } from '../../../src/engine/compress';
import { readModel } from '../../../src/engine/formats/read-model';
import { parameters } from '../../../src/engine/graph/graph';
import { createRun, resumeRun, type RunWriter } from '../../../src/runs/journal';
import { readRun } from '../../../src/runs/read';
import { writeMnistFiles } from '../../support/idx-files';
import { loadConfigText } from '../../support/load-config-text';

const running = () => new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'pocketflow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let model: string;

/** A trained LeNet, so that trials have something to lose. */
beforeAll(async () => {
  writeMnistFiles(folder, { train: 320, test: 40, pixel: (image) => (image % 10) * 25 });
  const text = 'model: lenet\ndataset: { name: mnist, directory: . }\nlearner: full-prec\ntraining: { epochs: 2 }';
  const { plan, run } = start(text);
  await compress(plan, run, { signal: running() });
  run.close();
  model = join(run.directory, 'lenet-compressed.onnx');
});

function start(text: string) {
  const plan = loadConfigText(text, folder);
  return { plan, run: createRun(folder, { name: 'test', config: plan, version: '0' }) };
}

const config = (stage: string) =>
  `model: ${model}\ndataset: { name: mnist, directory: . }\ntraining: { epochs: 0 }\n${stage}`;
const channels =
  'target: { flops: 0.4 }\noptions: { samples: 64, multipleOf: 2, selection: magnitude, reconstruct: false }\nsearch: { sampler: tpe, trials: 12, samples: 16, confirm: 3 }';

async function searched(run: RunWriter) {
  const state = await readRun(run.directory);
  return { state, search: state.searches.get(0)! };
}

describe('a stage that searches for its ratios', () => {
  it.each([
    ['channel', channels, (flops: number, sparsity: number) => flops <= 0.4 && sparsity < 0.05],
    [
      'weight-sparse',
      'target: { sparsity: 0.8 }\nratios: auto\nsearch: { sampler: gp, trials: 11, samples: 16, confirm: 2 }',
      (flops: number, sparsity: number) => flops === 1 && sparsity > 0.795,
    ],
  ])('tries seeds first, keeps to its budget and goes on with the best: %s', async (_learner, stage, keepsTo) => {
    const { plan, run } = start(config(stage));
    const { before, after } = await compress(plan, run, { signal: running() });
    run.close();
    const { search, state } = await searched(run);
    expect(search.trials[0].origin).toBe('uniform');
    expect(search.trials.map(({ result }) => result?.state)).toEqual(search.trials.map(() => 'complete'));
    for (const { result } of search.trials) {
      expect(keepsTo(result!.cost!.flops! / before.flops, result!.cost!.sparsity!)).toBe(true);
      expect(result!.samples).toBe(16);
    }
    const best = search.trials[search.finished!.best];
    const confirmed = search.trials.flatMap((trial) => trial.confirmed ?? []);
    expect(confirmed.map(({ samples }) => samples)).toEqual(confirmed.map(() => 32));
    expect(best.confirmed!.accuracy).toBe(Math.max(...confirmed.map(({ accuracy }) => accuracy)));
    expect(after.flops).toBe(best.result!.cost!.flops);
    expect(search.finished!.front.length).toBeGreaterThan(0);
    expect(state.status).toBe('finished');
  });

  it('ends as if it had never been stopped, wherever it was', async () => {
    const whole = start(config(channels));
    await compress(whole.plan, whole.run, { signal: running() });
    whole.run.close();

    const cut = start(config(channels));
    let run: RunWriter = cut.run;
    for (const at of [1, 10]) {
      const abort = new AbortController();
      run.onEvent((event) => {
        if (event.type === 'trial.started' && event.trial === at) abort.abort(new Error('stop'));
      });
      await expect(compress(cut.plan, run, { signal: abort.signal })).rejects.toThrow('stop');
      run.close();
      run = resumeRun(cut.run.directory);
    }
    await compress(cut.plan, run, { signal: running() });
    run.close();

    const [expected, resumed] = [await searched(whole.run), await searched(cut.run)];
    const told = ({ search }: typeof expected) =>
      search.trials.map(({ decision, origin, result, confirmed }) => [
        decision,
        origin,
        result?.accuracy,
        confirmed?.accuracy,
      ]);
    expect(told(resumed)).toEqual(told(expected));
    expect(resumed.search.finished!.best).toBe(expected.search.finished!.best);
    const file = async (directory: string) =>
      parameters(await readModel(join(directory, 'lenet-compressed-compressed.onnx')));
    const [a, b] = [await file(whole.run.directory), await file(cut.run.directory)];
    for (const [key, { data }] of a) expect(b.get(key)?.data).toEqual(data);
  });
});
