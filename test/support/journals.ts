import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_VERSION, type LayerFact, type ModelFacts, type NewEvent } from '../../src/runs/events';
import { createRun, type RunWriter } from '../../src/runs/journal';
import { journalPath } from '../../src/runs/paths';
import type { SearchDimension, TrialResult } from '../../src/runs/trial';
import { seeded } from './seeded';

/** Layers of a LeNet on MNIST: kind, output channels, FLOPs, parameters. */
const lenet = [
  ['conv1', 'conv2d', 32, 1_254_400, 832],
  ['conv2', 'conv2d', 64, 20_070_400, 51_264],
  ['fc3', 'dense', 512, 3_211_264, 1_606_144],
  ['fc4', 'dense', 10, 10_240, 5130],
] as const;

/** What becomes of LeNet's layers when these shares of their channels stay. */
export function lenetLayers(keep: readonly number[], sparsity = 0): LayerFact[] {
  return lenet.map(([name, kind, channels, flops, params], i) => {
    const kept = Math.max(1, Math.round(channels * (keep[i] ?? 1)));
    const left = (kept / channels) * (i === 0 ? 1 : (keep[i - 1] ?? 1));
    return {
      name,
      kind,
      channels: [channels, kept],
      flops: [flops, Math.round(flops * left)],
      params: [params, Math.round(params * left)],
      sparsity,
    };
  });
}

const sum = (layers: readonly LayerFact[], key: 'flops' | 'params', at: 0 | 1): number =>
  layers.reduce((total, layer) => total + layer[key][at], 0);

function factsOf(layers: readonly LayerFact[], at: 0 | 1, accuracy: number): ModelFacts {
  const [flops, params] = [sum(layers, 'flops', at), sum(layers, 'params', at)];
  return { accuracy, samples: 10_000, flops, params, nonzero: params, bytes: 4 * params, latencyMs: flops / 1e8 };
}

export interface FixtureRun {
  /** Name of its config in the workspace. */
  readonly config: string;
  readonly layers: readonly LayerFact[];
  readonly accuracy?: number;
}

/** Begins the journal of a run that has decided about its layers. */
export function beginRun(workspace: string, { config, layers }: Omit<FixtureRun, 'accuracy'>): RunWriter {
  const name = config.replace(/\.pocketflow\.yaml$/, '');
  const run = createRun(workspace, { name, config: {}, configPath: join(workspace, config), version: '0.1.0' });
  run.emit({ type: 'measured', what: 'before', facts: factsOf(layers, 0, 98.9) });
  run.emit({ type: 'stage.started', stage: 0, learner: 'channel', target: 'flops 0.5' });
  run.emit({ type: 'layers', stage: 0, layers: [...layers] });
  return run;
}

/** Writes the journal of a run that has finished; answers with its folder. */
export function writeFinishedRun(workspace: string, { config, layers, accuracy = 98.7 }: FixtureRun): string {
  const run = beginRun(workspace, { config, layers });
  const [before, after] = [factsOf(layers, 0, 98.9), factsOf(layers, 1, accuracy)];
  run.emit({ type: 'measured', what: 'after', facts: after });
  run.emit({ type: 'run.finished', before, after, seconds: 12 });
  run.close();
  return run.directory;
}

/** One keep ratio for each layer that may lose channels. */
export const lenetSpace: SearchDimension[] = lenet
  .slice(0, -1)
  .map(([name]) => ({ name, kind: 'float', low: 0.1, high: 1, layer: name }));

/** Writes the events of `count` trials whose accuracy falls as the FLOPs do, with noise; answers with the results. */
export function writeTrials(run: Pick<RunWriter, 'emit'>, count: number, seed = 1): TrialResult[] {
  const random = seeded(seed);
  const results: TrialResult[] = [];
  for (let trial = 0; trial < count; trial++) {
    const decision = lenetSpace.map(() => 0.1 + 0.9 * random());
    const cost = lenetLayers(decision);
    const flops = sum(cost, 'flops', 1);
    const share = flops / sum(cost, 'flops', 0);
    const accuracy = 99 - 12 * (1 - share) ** 2 - 6 * random() * (1 - trial / (2 * count));
    const result: TrialResult = {
      ...{ stage: 0, trial, reward: accuracy / 100, accuracy, standardError: 0.3, samples: 2000, seconds: 0.5 },
      state: trial % 23 === 22 ? 'pruned' : 'complete',
      cost: { flops, params: sum(cost, 'params', 1), bytes: 4 * sum(cost, 'params', 1) },
    };
    run.emit({ type: 'trial.started', stage: 0, trial, decision, origin: trial < 3 ? 'uniform' : 'tpe' });
    run.emit({ type: 'trial.finished', ...result });
    results.push(result);
  }
  return results;
}

/** Appends events to the journal of a run that nobody writes any more, all at once: a writer waits for the disk at each. */
export function appendEvents(directory: string, write: (run: Pick<RunWriter, 'emit'>) => void): void {
  const path = journalPath(directory);
  let seq = readFileSync(path, 'utf8').split('\n').length - 1;
  const lines: string[] = [];
  const time = new Date().toISOString();
  const emit = (event: NewEvent): number =>
    lines.push(JSON.stringify({ v: JOURNAL_VERSION, seq: seq++, time, ...event }));
  write({ emit });
  appendFileSync(path, `${lines.join('\n')}\n`);
}
