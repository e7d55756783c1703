import type { DatasetInfo } from './data/dataset';
import type { ModelPlan, RunPlan } from '../config/plan';
import { readModel } from './formats/read-model';
import { inputShape, parameters, withParameters, type Graph } from './graph/graph';
import { inferShapes } from './graph/shape';
import { LearnerError } from './learners/learner-error';
import { trainFullPrecision } from './learners/full-prec/full-prec';
import { preflight } from './preflight';
import type { Session } from './session';
import { CheckpointStore } from './training/checkpoint';
import { buildZooModel } from './zoo/zoo';

/** Of a data set, what decides the shape of a model: its images and classes. */
type Ends = Pick<DatasetInfo, 'name' | 'imageShape' | 'classes'>;

/**
 * The model to compress: read from its file, or a zoo model trained first where it comes without weights.
 * @throws LearnerError when it doesn't fit the data set or the plan; ModelFileError.
 */
export function originalModel(session: Session): Promise<Graph> {
  const { plan, dataset, stash } = session;
  return stash.keep('original', async () => {
    const graph = await loadModel(plan.model, dataset, plan.compute.seed);
    preflight(plan, graph);
    await checkTeachers(plan, dataset);
    return needsTraining(plan.model) ? trainBaseline(session, graph) : graph;
  });
}

export function needsTraining(model: ModelPlan): boolean {
  return model.kind === 'zoo' && model.weights === undefined;
}

/**
 * Models that stages name as their teachers: that they are there and fit is found out before hours of training.
 * @throws LearnerError, ModelFileError.
 */
export async function checkTeachers({ stages, compute }: RunPlan, ends: Ends): Promise<void> {
  for (const { training } of stages) {
    const teacher = training.distillation?.teacher;
    if (teacher) await loadModel(teacher, ends, compute.seed);
  }
}

/** The model as its plan says, before any training. */
export async function loadModel(model: ModelPlan, ends: Ends, seed: number): Promise<Graph> {
  if (model.kind === 'file') return fitting(await readModel(model.path), ends);
  const { name, width, weights } = model;
  const graph = buildZooModel(name, { inputShape: ends.imageShape, classes: ends.classes.length, width, seed });
  return weights === undefined ? graph : withWeights(graph, fitting(await readModel(weights), ends), weights);
}

async function trainBaseline(session: Session, graph: Graph): Promise<Graph> {
  const { plan, run, executor, dataset, signal } = session;
  const phase = 'train the baseline';
  run.emit({ type: 'phase.started', phase });
  const { graph: trained } = await trainFullPrecision({
    executor,
    graph,
    dataset,
    plan: plan.baseline,
    phase,
    seed: plan.compute.seed,
    emit: run.emit,
    signal,
    checkpoints: new CheckpointStore(session.checkpointDirectory('baseline')),
  });
  return trained;
}

/** Takes parameters over by order and shape, since files name them in their own ways. */
function withWeights(graph: Graph, source: Graph, path: string): Graph {
  const [wanted, given] = [[...parameters(graph)], [...parameters(source).values()]];
  const values = wanted.map(([key, tensor], i) => {
    const value = given[i];
    if (given.length !== wanted.length || value?.shape.join() !== tensor.shape.join()) {
      throw new LearnerError(
        `the weights in ${path} are not those of ${graph.name}: parameter ${i + 1} of ${wanted.length}, "${key}", should be [${tensor.shape.join(', ')}]` +
          (value ? ` and is [${value.shape.join(', ')}]` : ' and is missing'),
        `give the file itself as the model: model: { path: ${path} }`,
      );
    }
    return [key, value] as const;
  });
  return withParameters(graph, new Map(values));
}

function fitting(graph: Graph, ends: Ends): Graph {
  const takes = inputShape(graph);
  if (takes.join() !== ends.imageShape.join()) {
    throw new LearnerError(
      `the model takes images of [${takes.join(', ')}], the data set ${ends.name} has [${ends.imageShape.join(', ')}] (height, width, channels)`,
      'choose the data set that the model was made for; for a folder of images set dataset.imageSize',
    );
  }
  const outputs = inferShapes(graph).get(graph.output) ?? [];
  if (outputs.length !== 1 || outputs[0] !== ends.classes.length) {
    throw new LearnerError(
      `the model has outputs [${outputs.join(', ')}], the data set ${ends.name} has ${ends.classes.length} classes`,
      'choose the data set that the model was made for',
    );
  }
  return graph;
}
