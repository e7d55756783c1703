import type { RunPlan } from '../config/plan';
import { encodeModel } from './formats/write-model';
import type { Graph } from './graph/graph';
import { learnerOf } from './learners/learner-of';

/**
 * Everything that can be known to fail is found here, before hours of training: stages that the model doesn't allow,
 * and formats that can't hold the result.
 * @returns The model as it will be: its size is right, its weights stand for nothing.
 * @throws LearnerError, ModelFileError.
 */
export function preflight(plan: RunPlan, original: Graph): Graph {
  const result = plan.stages.reduce((graph, stage) => learnerOf(stage).plan(graph, stage, plan.layers), original);
  for (const format of plan.output.formats) encodeModel(result, format, 'check');
  return result;
}
