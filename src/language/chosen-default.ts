import type { ConfigPath } from '../config/problem';
import type { RunPlan, TrainingPlan } from '../config/plan';
import { resolveConfig } from '../config/resolve';
import { configSchema } from '../config/schema';
import { learnerOf, stagesOf } from '../config/stages';
import type { ConfigDocument } from './document';
import { isStage } from './schema';
import { soundWithout } from './what-if';

/** What is taken where a config leaves `path` open, if that depends on the rest of it, as learner and training do. */
export function chosenDefault(document: ConfigDocument, path: ConfigPath): string | number | boolean | undefined {
  const [home, key] = [path.at(-2), path.at(-1)];
  const isTraining = home === 'training' || path[0] === 'baseline';
  const isLearner = key === 'learner' && isStage(path.slice(0, -1));
  if ((!isTraining && !isLearner) || typeof key !== 'string') return undefined;
  const parsed = configSchema.safeParse(soundWithout(document, path));
  if (!parsed.success) return undefined;
  const stage = path[0] === 'stages' && typeof path[1] === 'number' ? path[1] : 0;
  if (isLearner) {
    const written = stagesOf(parsed.data)[stage];
    return written && learnerOf(written.stage);
  }
  const training = trainingOf(resolveConfig(parsed.data, { baseDirectory: '/' }), path, stage);
  return training && plain(training, key);
}

function trainingOf(plan: RunPlan, path: ConfigPath, stage: number): TrainingPlan | undefined {
  return path[0] === 'baseline' ? plan.baseline : plan.stages[stage]?.training;
}

/** A setting by its key in the config; the plan keeps some a level deeper. */
function plain(
  { augmentation, optimizer, schedule, ...rest }: TrainingPlan,
  key: string,
): string | number | boolean | undefined {
  const flat: Record<string, unknown> = {
    ...rest,
    optimizer: optimizer.kind,
    schedule: schedule.kind,
    ...('momentum' in optimizer && { momentum: optimizer.momentum, nesterov: optimizer.nesterov }),
    ...('milestones' in schedule && { decay: schedule.decay }),
    augment: augmentation.enabled,
    cutout: augmentation.cutout,
  };
  const value = flat[key];
  return typeof value === 'object' ? undefined : (value as string | number | boolean | undefined);
}
