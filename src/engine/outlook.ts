import { stat } from 'node:fs/promises';
import type { DatasetPlan, ModelPlan, RunPlan } from '../config/plan';
import type { LayerFact } from '../runs/events';
import { subFolders } from './data/class-folders';
import { readModel } from './formats/read-model';
import { graphCost, type Cost } from './graph/cost';
import { findNode, type Graph } from './graph/graph';
import { hasWeight, type Shape } from './graph/node';
import { layerFacts } from './layer-facts';
import { LearnerError } from './learners/learner-error';
import { learnerOf } from './learners/learner-of';
import { buildZooModel } from './zoo/zoo';

/** What can be said of a run without loading data or training: of its model, and of what each stage makes of it. */
export interface RunOutlook {
  readonly model: ModelDescription;
  /** Ends with a stage that can't be done. */
  readonly stages: readonly StageOutlook[];
  /** Each layer before and after, as far as the stages can be done. */
  readonly layers: readonly LayerFact[];
}

export interface ModelDescription {
  readonly name: string;
  readonly layers: readonly LayerDescription[];
  readonly total: Cost;
}

export interface LayerDescription {
  readonly name: string;
  readonly kind: string;
  readonly shape: Shape;
  readonly flops: number;
  readonly params: number;
}

export type StageOutlook =
  | { readonly before: Cost; readonly after: Cost }
  | { readonly problem: string; readonly hint?: string; readonly reachable?: number };

/** Works out outlooks; keeps the model that it read last, since configs change more often than models. */
export class Outlooks {
  private kept: { readonly key: string; readonly graph: Graph } | undefined;

  /** @throws ModelFileError, DatasetError, GraphError when there is no such model. */
  async of(plan: RunPlan): Promise<RunOutlook> {
    const original = await this.graphOf(plan);
    const stages: StageOutlook[] = [];
    let graph = original;
    for (const stage of plan.stages) {
      const before = graphCost(graph).total;
      try {
        graph = learnerOf(stage).plan(graph, stage, plan.layers);
        stages.push({ before, after: graphCost(graph).total });
      } catch (error) {
        if (!(error instanceof LearnerError)) throw error;
        const { message, hint, reachable } = error;
        stages.push({
          problem: message,
          ...(hint !== undefined && { hint }),
          ...(reachable !== undefined && { reachable }),
        });
        break;
      }
    }
    return { model: describe(original), stages, layers: layerFacts(original, graph, new Map()) };
  }

  private async graphOf({ model, dataset }: RunPlan): Promise<Graph> {
    const key = await keyOf(model, dataset);
    if (this.kept?.key === key) return this.kept.graph;
    this.kept = undefined;
    const graph = model.kind === 'file' ? await readModel(model.path) : await zooModel(model, dataset);
    this.kept = { key, graph };
    return graph;
  }
}

/** The same for as long as the model is the same; a file by its time and size. */
async function keyOf(model: ModelPlan, dataset: DatasetPlan): Promise<string> {
  if (model.kind === 'zoo') return JSON.stringify([model, dataset]);
  const { mtimeMs, size } = await stat(model.path).catch(() => ({ mtimeMs: 0, size: 0 }));
  return JSON.stringify([model, mtimeMs, size]);
}

async function zooModel({ name, width }: Extract<ModelPlan, { kind: 'zoo' }>, dataset: DatasetPlan): Promise<Graph> {
  const { inputShape, classes } = await endsOf(dataset);
  return buildZooModel(name, { inputShape, classes, width, seed: 0 });
}

/** What a data set gives a model to read and asks of it, without loading it. */
async function endsOf(dataset: DatasetPlan): Promise<{ inputShape: Shape; classes: number }> {
  if (dataset.kind === 'builtin')
    return { inputShape: dataset.name === 'cifar10' ? [32, 32, 3] : [28, 28, 1], classes: 10 };
  const names = await subFolders(dataset.folder);
  const training = names.includes('train') ? await subFolders(`${dataset.folder}/train`) : names;
  return { inputShape: [dataset.imageSize, dataset.imageSize, 3], classes: Math.max(training.length, 1) };
}

function describe(graph: Graph): ModelDescription {
  const { layers, total } = graphCost(graph);
  return {
    name: graph.name,
    layers: layers
      .filter(({ name }) => hasWeight(findNode(graph, name)))
      .map(({ name, kind, shape, flops, params }) => ({ name, kind, shape, flops, params })),
    total,
  };
}
