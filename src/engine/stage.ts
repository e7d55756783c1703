import type { StagePlan } from '../config/plan';
import { graphCost } from './graph/cost';
import type { Graph } from './graph/graph';
import { layerFacts } from './layer-facts';
import { learnerOf } from './learners/learner-of';
import { zeroMasks } from './learners/weight-sparse/zero-masks';
import { searchStage } from './search-stage';
import type { Session } from './session';
import { CheckpointStore } from './training/checkpoint';
import { evaluate } from './training/evaluate';
import { loadModel } from './original';
import { compileTeacher, type Teacher } from './training/teacher';
import { initialize } from './training/initialize';
import { train } from './training/train';

/**
 * One compression: the learner's candidate, scored as it is, then trained. Whatever an interrupted run had finished of
 * it is taken up again.
 * @param original The model that the run began with: the teacher of distillation, unless the config names another.
 */
export async function runStage(
  session: Session,
  graph: Graph,
  original: Graph,
  stage: StagePlan,
  index: number,
): Promise<Graph> {
  const { run, plan, executor, dataset, signal, stash } = session;
  const { seed } = plan.compute;
  const learner = learnerOf(stage);
  const target = 'target' in stage && stage.target ? `${stage.target.metric} ${stage.target.value}` : undefined;
  run.emit({ type: 'stage.started', stage: index, learner: stage.learner, ...(target && { target }) });

  const decision = await searchStage(session, graph, stage, index);
  let errors: ReadonlyMap<string, number> = new Map();
  const candidate = await stash.keep(`stage${index}-candidate`, async () => {
    run.emit({ type: 'phase.started', phase: `${stage.learner}: compress` });
    const made = await learner.apply(graph, stage, { executor, dataset, layers: plan.layers, seed, signal }, decision);
    errors = made.errors ?? errors;
    run.emit({ type: 'layers', stage: index, layers: layerFacts(graph, made.graph, errors) });
    if (stage.learner !== 'full-prec') await scoreCandidate(session, made.graph, index);
    return made.graph;
  });

  return stash.keep(`stage${index}-trained`, async () => {
    const { training } = stage;
    const phase = `${stage.learner}: ${training.mode === 'retrain' ? 're-train' : 'fine-tune'}`;
    if (training.epochs > 0) run.emit({ type: 'phase.started', phase });
    // Without training there is nothing that a hook could work in: the candidate is cut at once.
    const hook = training.epochs > 0 ? learner.hook?.(graph, stage, plan.layers, decision) : undefined;
    const from = hook ? graph : candidate;
    const masks = zeroMasks(from);
    const teacher = await teacherOf(session, stage, original, from);
    try {
      const result = await train({
        executor,
        graph: training.mode === 'retrain' ? initialize(from, seed) : from,
        dataset,
        plan: training,
        phase,
        stage: index,
        seed,
        emit: run.emit,
        signal,
        checkpoints: new CheckpointStore(session.checkpointDirectory(`stage${index}`)),
        ...(teacher && { teacher }),
        ...(hook && { hook }),
        ...(masks.size > 0 && { initialMasks: masks }),
      });
      run.emit({ type: 'layers', stage: index, layers: layerFacts(graph, result.graph, errors) });
      return result.graph;
    } finally {
      teacher?.dispose();
    }
  });
}

async function teacherOf(
  { plan, executor, dataset }: Session,
  { training: { distillation } }: StagePlan,
  original: Graph,
  student: Graph,
): Promise<Teacher | undefined> {
  if (!distillation) return undefined;
  const { teacher, features } = distillation;
  const model = teacher ? await loadModel(teacher, dataset, plan.compute.seed) : original;
  return compileTeacher(executor, model, student, features);
}

async function scoreCandidate({ executor, dataset, run, signal }: Session, graph: Graph, stage: number): Promise<void> {
  const program = await executor.compile(graph);
  try {
    const { accuracy, samples } = await evaluate(program, dataset, 'validation', { signal });
    const { flops, params, nonzero } = graphCost(graph).total;
    run.emit({ type: 'measured', what: 'candidate', stage, facts: { accuracy, samples, flops, params, nonzero } });
  } finally {
    program.dispose();
  }
}
