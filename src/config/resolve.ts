import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { learners, targetMetrics } from './learners';
import type { DatasetPlan, ModelPlan, RunPlan, StagePlan, TargetPlan } from './plan';
import { zooNames, type ModelInput, type ZooName } from './model';
import { builtinDatasets, type BuiltinDataset, type OutputFormat, type ParsedConfig, type StageInput } from './schema';
import { searchSchema } from './search';
import { learnerOf, searches, stagesOf } from './stages';
import { resolveTraining, type ModelFamily, type TrainingContext } from './training-defaults';

/**
 * Decides everything that a config leaves open. `config` must be free of problems (see `parseConfig`); relative paths
 * start from `baseDirectory`, the folder of the config file. Pure: no file is looked at.
 */
export function resolveConfig(config: ParsedConfig, { baseDirectory }: { baseDirectory: string }): RunPlan {
  const absolute = (path: string): string =>
    resolve(baseDirectory, /^~(?=[\\/])/.test(path) ? join(homedir(), path.slice(1)) : path);
  const model = resolveModel(config.model, absolute);
  const dataset = resolveDataset(config.dataset, absolute);
  const shared = { family: familyOf(model, dataset), model: (input: ModelInput) => resolveModel(input, absolute) };
  return {
    model,
    dataset,
    stages: stagesOf(config).map(({ stage }) => resolveStage(stage, shared)),
    baseline: resolveTraining(config.baseline ?? {}, { ...shared, mode: 'retrain', distillation: false }),
    layers: Object.entries(config.layers).map(([pattern, layer]) => ({ pattern, ...layer })),
    compute: config.compute,
    output: {
      formats: [...new Set(config.output.formats ?? usualFormats(config))],
      ...(config.output.directory === undefined ? {} : { directory: absolute(config.output.directory) }),
    },
  };
}

/** Weights from a codebook are small in the packed file alone. */
function usualFormats(config: ParsedConfig): readonly OutputFormat[] {
  const packed = stagesOf(config).some(({ stage }) => learnerOf(stage) === 'non-uniform');
  return ['onnx', 'tfjs', ...(packed ? (['packed'] as const) : [])];
}

type ToAbsolute = (path: string) => string;

function resolveModel(model: ModelInput, absolute: ToAbsolute): ModelPlan {
  if (typeof model === 'string') {
    return isZooName(model) ? { kind: 'zoo', name: model, width: 1 } : { kind: 'file', path: absolute(model) };
  }
  if ('path' in model) return { kind: 'file', path: absolute(model.path) };
  const weights = model.weights === undefined ? {} : { weights: absolute(model.weights) };
  return { kind: 'zoo', name: model.zoo, width: model.width, ...weights };
}

function isZooName(name: string): name is ZooName {
  return (zooNames as readonly string[]).includes(name);
}

const DEFAULT_VALIDATION = 0.1;

function resolveDataset(dataset: ParsedConfig['dataset'], absolute: ToAbsolute): DatasetPlan {
  if (typeof dataset === 'string') return { kind: 'builtin', name: dataset, validation: DEFAULT_VALIDATION };
  if ('folder' in dataset) return { kind: 'folder', ...dataset, folder: absolute(dataset.folder) };
  const { directory, ...rest } = dataset;
  return { kind: 'builtin', ...rest, ...(directory === undefined ? {} : { directory: absolute(directory) }) };
}

/** A data set by what follows `--dataset` on the command line: a built-in name, or a folder of images. */
export function datasetByName(name: string, absolute: ToAbsolute): DatasetPlan {
  return isBuiltin(name)
    ? { kind: 'builtin', name, validation: DEFAULT_VALIDATION }
    : { kind: 'folder', folder: absolute(name), imageSize: 224, validation: DEFAULT_VALIDATION };
}

function isBuiltin(name: string): name is BuiltinDataset {
  return (builtinDatasets as readonly string[]).includes(name);
}

function familyOf(model: ModelPlan, dataset: DatasetPlan): ModelFamily {
  if (model.kind === 'zoo' && model.name.startsWith('mobilenet')) return 'mobile';
  if (dataset.kind === 'folder') return 'imagenet';
  return dataset.name === 'cifar10' ? 'cifar' : 'small';
}

function resolveStage(stage: StageInput, shared: Pick<TrainingContext, 'family' | 'model'>): StagePlan {
  const learner = learnerOf(stage);
  const training = resolveTraining(stage.training ?? {}, {
    ...shared,
    mode: learner === 'full-prec' ? 'retrain' : 'finetune',
    distillation: learner !== 'full-prec',
  });
  // The options belong to the learner, which the compiler can't correlate (TypeScript issue 30581).
  const options = learners[learner].options.parse(stage.options ?? {});
  const search = searches(stage) ? { search: stage.search ?? searchSchema.parse({}) } : {};
  return { learner, ...resolveTarget(stage.target), ...search, options, training } as StagePlan;
}

function resolveTarget(target: StageInput['target']): { target?: TargetPlan } {
  for (const metric of targetMetrics) {
    const value = target?.[metric];
    if (value !== undefined) return { target: { metric, value } };
  }
  return {};
}
