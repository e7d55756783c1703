import type { BuiltinDataset } from './schema';
import type { ZooName } from './model';

/** What somebody has who wants to compress a model, before there is a config. */
export type StarterModel =
  | { readonly kind: 'zoo'; readonly name: ZooName }
  | {
      readonly kind: 'file';
      /** As the config writes it: `./resnet20.onnx`. */
      readonly path: string;
      /** `[height, width, channels]`, where that is known. */
      readonly input?: readonly number[];
    };

export type StarterDataset =
  | { readonly kind: 'builtin'; readonly name: BuiltinDataset }
  | {
      readonly kind: 'folder';
      /** As the config writes it. */
      readonly path: string;
    };

export interface Goal {
  readonly label: string;
  /** What comes out, in a few words. */
  readonly detail: string;
  /** The flow map behind `target:`. */
  readonly target: string;
}

/** What a compression is for, the usual one first. */
export const goals: readonly Goal[] = [
  { label: 'Faster: half the FLOPs', detail: 'Removes channels, then fine-tunes', target: '{ flops: 0.5 }' },
  { label: 'Much faster: a quarter of the FLOPs', detail: 'Costs some accuracy', target: '{ flops: 0.25 }' },
  { label: 'Smaller: half the file', detail: 'Removes channels, then fine-tunes', target: '{ bytes: 0.5 }' },
  { label: 'Smaller: weights in 8 bits', detail: 'Quantizes weights and activations', target: '{ bits: 8 }' },
  { label: 'Sparse: 80 % of the weights zero', detail: 'Keeps the shape of the model', target: '{ sparsity: 0.8 }' },
];

/** Height, width and channels of the images of each built-in data set. */
const shapes: Readonly<Record<BuiltinDataset, readonly number[]>> = {
  mnist: [28, 28, 1],
  'fashion-mnist': [28, 28, 1],
  cifar10: [32, 32, 3],
};

/** The size of photos that architectures for ImageNet are made for, pixels. */
const PHOTO_SIZE = 224;

/** What the architectures of the zoo are for, and the built-in data sets that they learn in reasonable time. */
export function zooUse(name: ZooName): { readonly purpose: string; readonly datasets: readonly BuiltinDataset[] } {
  if (name === 'lenet' || name === 'convnet')
    return { purpose: 'small images: digits, fashion', datasets: ['mnist', 'fashion-mnist', 'cifar10'] };
  if (/^resnet(20|32|44|56)$/.test(name)) return { purpose: 'small colour images', datasets: ['cifar10'] };
  return { purpose: `photos, ${PHOTO_SIZE} x ${PHOTO_SIZE}`, datasets: [] };
}

/** The built-in data sets that a model can be trained on, the usual one first. */
export function datasetsFor(model: StarterModel): readonly BuiltinDataset[] {
  if (model.kind === 'zoo') return zooUse(model.name).datasets;
  const all = Object.keys(shapes) as BuiltinDataset[];
  const { input } = model;
  return input === undefined ? all : all.filter((name) => shapes[name].join() === input.join());
}

/** The text of a config that runs, said in comments. */
export function starterText(model: StarterModel, dataset: StarterDataset, goal: Goal): string {
  const what =
    model.kind === 'zoo'
      ? `model: ${model.name} # comes without weights: the run trains it first`
      : `model: ${quoted(model.path)}`;
  return [
    `# ${goal.label}.`,
    '# Dry Run shows what it comes to, Run Compression does it. Ctrl+Space lists what else can be said.',
    what,
    ...datasetLines(model, dataset),
    `target: ${goal.target}`,
    '',
  ].join('\n');
}

function datasetLines(model: StarterModel, dataset: StarterDataset): string[] {
  if (dataset.kind === 'builtin') return [`dataset: ${dataset.name}`];
  const [height] = (model.kind === 'file' && model.input) || [PHOTO_SIZE];
  return [
    'dataset:',
    `  folder: ${quoted(dataset.path)} # a folder of images for each class`,
    `  imageSize: ${height}`,
  ];
}

/** A path as YAML, in quotes where it needs them. */
function quoted(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "''")}'`;
}
