import type { RunPlan, StagePlan } from '../config/plan';
import { dryRun } from '../engine/dry-run';
import type { Cost } from '../engine/graph/cost';
import type { LayerFact } from '../runs/events';
import { print, printJson, type CliContext } from './context';
import { factsTable } from './facts-table';
import { exitCodes } from './failure';
import { renderTable } from './table';
import { bytes, count } from '../runs/units';

/** What a run of the plan would come to, without training or writing anything. */
export async function showDryRun(context: CliContext, plan: RunPlan, { json }: { json: boolean }): Promise<number> {
  const { before, after, layers } = await dryRun(plan);
  if (json) {
    printJson(context, { plan, before, after, layers });
    return exitCodes.done;
  }
  for (const [index, stage] of plan.stages.entries()) print(context, describeStage(stage, index, before));
  print(context, `\n${layerTable(context, layers)}\n\n${factsTable(context, before, after)}`);
  print(context, '\nA dry run: nothing was trained or written.');
  return exitCodes.done;
}

function describeStage(stage: StagePlan, index: number, before: Cost): string {
  const { training } = stage;
  const target = 'target' in stage && stage.target ? `: ${describeTarget(stage.target, before)}` : '';
  const how = training.mode === 'retrain' ? 're-train' : 'fine-tune';
  const teacher = training.distillation ? ', with distillation' : '';
  const trained = training.epochs === 0 ? 'no training' : `${how} ${training.epochs} epochs${teacher}`;
  return `stage ${index + 1}: ${stage.learner}${target}; ${trained}`;
}

type Target = NonNullable<Extract<StagePlan, { learner: 'channel' }>['target']>;

/** The target in absolute numbers; for a later stage, of the model that the first one begins with. */
function describeTarget({ metric, value }: Target, before: Cost): string {
  switch (metric) {
    case 'flops':
      return `at most ${count(value * before.flops)} of ${count(before.flops)} FLOPs`;
    case 'params':
      return `at most ${count(value * before.params)} of ${count(before.params)} params`;
    case 'bytes':
      return `at most ${bytes(value * before.bytes)} of ${bytes(before.bytes)}`;
    case 'sparsity':
      return `${(100 * value).toFixed(1)} % of the weights zero`;
    case 'bits':
      return `${value} bits a weight`;
  }
}

function layerTable(context: CliContext, layers: readonly LayerFact[]): string {
  const pair = ([before, after]: readonly [number, number], show: (value: number) => string): string =>
    before === after ? show(before) : `${show(before)} → ${show(after)}`;
  return renderTable(
    context,
    [
      { title: 'layer' },
      { title: 'kind' },
      { title: 'channels', align: 'right' },
      { title: 'FLOPs', align: 'right' },
      { title: 'params', align: 'right' },
    ],
    layers.map(({ name, kind, channels, flops, params }) => [
      name,
      kind,
      pair(channels, String),
      pair(flops, count),
      pair(params, count),
    ]),
  );
}
