import type { z } from 'zod';
import { explain } from './explain';
import { learnerIds, learners, targetMetrics, type LearnerConfig, type LearnerId } from './learners';
import type { DiagnosticCode } from './diagnostic-codes';
import type { ConfigPath, Finding } from './problem';
import { zooNames, type ModelInput } from './model';
import type { LayerOverride, ParsedConfig, StageInput } from './schema';
import { learnerOf, searches, stagesOf } from './stages';
import { suggest } from './suggest';
import type { TrainingInput } from './training';

/** What no single field can tell: fields that contradict each other, or need one another. */
export function checkRules(config: ParsedConfig): Finding[] {
  const stages = stagesOf(config);
  const learners = stages.map(({ stage }) => learnerOf(stage));
  return [
    ...modelRules(config.model, ['model']),
    ...normalizationRules(config),
    ...listOrSingle(config),
    ...stages.flatMap(({ stage, path }) => stageRules(stage, path, config)),
    ...(config.baseline ? trainingRules(config.baseline, ['baseline'], false) : []),
    ...Object.entries(config.layers).flatMap(([pattern, layer]) => layerRules(layer, ['layers', pattern], learners)),
  ];
}

function modelRules(model: ModelInput, path: ConfigPath): Finding[] {
  if (typeof model === 'string') {
    // Whatever has neither a separator nor an extension is meant as a name.
    if (/[\\/.]/.test(model) || (zooNames as readonly string[]).includes(model)) return [];
    const meant = suggest(model, zooNames);
    const message = meant
      ? `there is no model "${model}" in the zoo: did you mean \`${meant}\`? A file is written with its extension, like \`./${model}.onnx\``
      : `there is no model "${model}" in the zoo, which has ${zooNames.join(', ')}. A file is written with its extension, like \`./${model}.onnx\``;
    return [{ path, at: 'value', code: 'unknown-model', message, ...(meant ? { replacement: meant } : {}) }];
  }
  if ('zoo' in model && model.width !== 1 && !model.zoo.startsWith('mobilenet')) {
    const message = `\`width\` is for MobileNets: ${model.zoo} has none`;
    return [{ path: [...path, 'width'], at: 'key', code: 'inapplicable-key', message }];
  }
  return [];
}

/** A teacher has to know something: an architecture alone does not. */
function teacherRules(model: ModelInput, path: ConfigPath): Finding[] {
  const findings = modelRules(model, path);
  const untrained =
    typeof model === 'string'
      ? (zooNames as readonly string[]).includes(model)
      : 'zoo' in model && model.weights === undefined;
  if (findings.length > 0 || !untrained) return findings;
  const message = 'a teacher needs weights: give the path of a model file, or `zoo` with `weights`';
  return [{ path, at: 'value', code: 'no-teacher', message }];
}

function normalizationRules({ dataset }: ParsedConfig): Finding[] {
  if (typeof dataset === 'string' || !('name' in dataset) || !dataset.normalization) return [];
  const channels = dataset.name === 'cifar10' ? 3 : 1;
  return (['mean', 'std'] as const)
    .filter((key) => dataset.normalization?.[key].length !== channels)
    .map((key) => ({
      path: ['dataset', 'normalization', key],
      at: 'value',
      code: 'inconsistent-values',
      message: `\`${key}\` needs one number for each channel, and ${dataset.name} has ${channels}`,
    }));
}

function listOrSingle(config: ParsedConfig): Finding[] {
  if (!config.stages) return [];
  return (['learner', 'target', 'ratios', 'search', 'options', 'training'] as const)
    .filter((key) => config[key] !== undefined)
    .map((key) => ({
      path: [key],
      at: 'key',
      code: 'conflicting-keys',
      message: `\`${key}\` can't stand beside \`stages\`: move it into the stage that it is for`,
    }));
}

function stageRules(stage: StageInput, path: ConfigPath, config: ParsedConfig): Finding[] {
  const learner = learnerOf(stage);
  return [
    ...targetRules(stage, learner, path, config),
    ...searchRules(stage, learner, path),
    ...optionRules(stage, learner, path),
    ...(stage.training ? trainingRules(stage.training, [...path, 'training'], learner !== 'full-prec') : []),
  ];
}

function targetRules(stage: StageInput, learner: LearnerId, path: ConfigPath, config: ParsedConfig): Finding[] {
  const { metrics, exampleTarget, otherMetric, layerKey }: LearnerConfig = learners[learner];
  const metric = targetMetrics.find((key) => stage.target?.[key] !== undefined);
  if (metric !== undefined) {
    if (metrics.includes(metric)) return [];
    const here = [...path, 'target', ...(metrics.length > 0 ? [metric] : [])];
    return [{ path: here, at: 'key', code: 'target-not-for-learner', message: otherMetric(metric) }];
  }
  if (layerKey === undefined || Object.values(config.layers).some((layer) => layer[layerKey] !== undefined)) return [];
  const message = `\`target\` is missing: say how small the model has to be, ${exampleTarget}`;
  return [{ path, at: 'key', code: 'missing-target', message }];
}

function searchRules(stage: StageInput, learner: LearnerId, path: ConfigPath): Finding[] {
  const { searchable }: LearnerConfig = learners[learner];
  const key = stage.search ? 'search' : 'ratios';
  const report = (code: DiagnosticCode, message: string): Finding[] => [
    { path: [...path, key], at: 'key', code, message },
  ];
  if (!searches(stage)) {
    return stage.search
      ? report('inapplicable-key', '`search` needs `ratios: auto`: set that, or remove `search`')
      : [];
  }
  if (!searchable) {
    return report(
      'inapplicable-key',
      `ratios can be searched for \`channel\` and \`weight-sparse\`, not for \`${learner}\`: remove \`${key}\``,
    );
  }
  if (stage.target) return [];
  return report('missing-target', 'a search shares out a target among the layers: set `target`');
}

function optionRules(stage: StageInput, learner: LearnerId, path: ConfigPath): Finding[] {
  const { options } = stage;
  if (!options) return [];
  const here = [...path, 'options'];
  const schema: z.ZodObject = learners[learner].options;
  if (Object.keys(schema.shape).length === 0) {
    const message = `the learner \`${learner}\` has no options`;
    return [{ path: here, at: 'key', code: 'option-of-other-learner', message }];
  }
  return explain(schema, options, here).map((finding) => {
    const key = String(finding.path.at(-1));
    const owner = finding.at === 'key' && !Object.hasOwn(schema.shape, key) ? ownerOf(key) : undefined;
    if (owner === undefined) return finding;
    const message = `\`${key}\` is an option of \`${owner}\`, not of \`${learner}\``;
    return { path: finding.path, at: 'key', code: 'option-of-other-learner', message };
  });
}

/** The learner that has an option of this name. */
function ownerOf(key: string): string | undefined {
  return learnerIds.find((id) => Object.hasOwn(learners[id].options.shape, key));
}

function trainingRules(training: TrainingInput, path: ConfigPath, hasTeacher: boolean): Finding[] {
  const findings: Finding[] = [];
  const report = (code: DiagnosticCode, key: keyof TrainingInput, message: string, at: Finding['at'] = 'key'): void => {
    findings.push({ path: [...path, key], at, code, message });
  };
  const { optimizer = 'sgd', schedule, milestones, decay, epochs, warmupEpochs } = training;
  if (optimizer !== 'sgd') {
    if (training.momentum !== undefined)
      report('inapplicable-key', 'momentum', `\`momentum\` is for sgd: ${optimizer} has its own`);
    if (training.nesterov !== undefined)
      report('inapplicable-key', 'nesterov', `\`nesterov\` is for sgd, not for ${optimizer}`);
  } else if (training.nesterov === true && training.momentum === 0) {
    report('inapplicable-key', 'nesterov', '`nesterov` needs a `momentum` above 0');
  }
  if (schedule !== 'step') {
    if (milestones !== undefined) report('inapplicable-key', 'milestones', '`milestones` needs `schedule: step`');
    if (decay !== undefined) report('inapplicable-key', 'decay', '`decay` needs `schedule: step`');
  }
  if (milestones?.some((share, index) => index > 0 && share <= (milestones[index - 1] ?? 0))) {
    report('inconsistent-values', 'milestones', '`milestones` must rise from one to the next', 'value');
  }
  if (epochs !== undefined && warmupEpochs !== undefined && warmupEpochs > epochs) {
    report(
      'inconsistent-values',
      'warmupEpochs',
      `\`warmupEpochs\` must not be more than the ${epochs} \`epochs\``,
      'value',
    );
  }
  if (!hasTeacher && training.distillation !== undefined && training.distillation !== false) {
    report('no-teacher', 'distillation', 'there is nothing to distil from here: this trains the original model itself');
  }
  if (typeof training.distillation === 'object' && training.distillation.teacher !== undefined) {
    findings.push(...teacherRules(training.distillation.teacher, [...path, 'distillation', 'teacher']));
  }
  if (path[0] === 'baseline' && training.mode === 'finetune') {
    report(
      'inconsistent-values',
      'mode',
      'a baseline has no weights to go on from: `mode` must be `retrain`, or left out',
      'value',
    );
  }
  return findings;
}

function layerRules(layer: LayerOverride, path: ConfigPath, used: readonly LearnerId[]): Finding[] {
  const findings: Finding[] = [];
  for (const key of layerKeys) {
    if (layer[key] === undefined) continue;
    const readers = learnerIds.filter((id) => layerKeyOf(id) === key);
    if (!readers.some((id) => used.includes(id))) {
      const names = readers.map((id) => `\`${id}\``).join(' and ');
      const message = `\`${key}\` is for the learner ${names}, which this config does not use`;
      findings.push({ path: [...path, key], at: 'key', code: 'inapplicable-key', message });
    }
    if (layer.skip) {
      const message = `\`skip: true\` leaves the layer as it is: remove it, or \`${key}\``;
      findings.push({ path: [...path, 'skip'], at: 'key', code: 'conflicting-keys', message });
    }
  }
  return findings;
}

function layerKeyOf(id: LearnerId): LearnerConfig['layerKey'] {
  const { layerKey }: LearnerConfig = learners[id];
  return layerKey;
}

const layerKeys = [...new Set(learnerIds.flatMap((id) => layerKeyOf(id) ?? []))];
