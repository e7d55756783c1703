import type { RunPlan } from '../config/plan';
import type { LayerFact } from '../runs/events';
import { openDataset } from './data/open-dataset';
import { graphCost, type Cost } from './graph/cost';
import { layerFacts } from './layer-facts';
import { checkTeachers, loadModel } from './original';
import { preflight } from './preflight';

export interface DryRun {
  readonly before: Cost;
  readonly after: Cost;
  readonly layers: readonly LayerFact[];
}

/**
 * What a run of the plan would come to: loads data set and model and decides, but trains and writes nothing.
 * @throws what `compress` would throw for the same config before its first training.
 */
export async function dryRun(plan: RunPlan, signal?: AbortSignal): Promise<DryRun> {
  const dataset = await openDataset(plan.dataset, { seed: plan.compute.seed, ...(signal && { signal }) });
  await dataset.close();
  const original = await loadModel(plan.model, dataset, plan.compute.seed);
  const result = preflight(plan, original);
  await checkTeachers(plan, dataset);
  return {
    before: graphCost(original).total,
    after: graphCost(result).total,
    layers: layerFacts(original, result, new Map()),
  };
}
