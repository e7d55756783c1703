/** What one of PocketFlow's programs trains: `nets/resnet_at_cifar10_run.py`. */
export interface Net {
  /** A name in the zoo, by the flags that choose among sizes and versions. */
  readonly model: (flag: (name: string) => string | undefined) => string;
  /** A built-in data set, or where a folder of images is thought to be. */
  readonly dataset: string | { readonly folder: string };
  /** Of a training with `nb_epochs_rat` 1. */
  readonly epochs: (flag: (name: string) => string | undefined) => number;
  /** What `batch_size` and `batch_size_norm` are when they are left out; the rate is `lrn_rate_init` times their ratio. */
  readonly batchSize: number;
  readonly batchSizeNorm: number;
}

const photos = { folder: './imagenet' };

const nets: Readonly<Record<string, Net>> = {
  lenet_at_cifar10: {
    model: () => 'lenet',
    dataset: 'cifar10',
    epochs: () => 250,
    batchSize: 128,
    batchSizeNorm: 128,
  },
  resnet_at_cifar10: {
    model: (flag) => `resnet${flag('resnet_size') ?? 20}`,
    dataset: 'cifar10',
    epochs: () => 250,
    batchSize: 128,
    batchSizeNorm: 128,
  },
  convnet_at_fmnist: {
    model: () => 'convnet',
    dataset: 'fashion-mnist',
    epochs: () => 160,
    batchSize: 128,
    batchSizeNorm: 128,
  },
  resnet_at_ilsvrc12: {
    model: (flag) => `resnet${flag('resnet_size') ?? 18}`,
    dataset: photos,
    epochs: () => 100,
    batchSize: 64,
    batchSizeNorm: 256,
  },
  mobilenet_at_ilsvrc12: {
    model: (flag) => `mobilenet-v${flag('mobilenet_version') ?? 1}`,
    dataset: photos,
    epochs: (flag) => (flag('mobilenet_version') === '2' ? 412 : 100),
    batchSize: 64,
    batchSizeNorm: 96,
  },
};

/** Programs that are known and can't be brought over. */
const detectors: ReadonlySet<string> = new Set(['vgg_at_pascalvoc', 'faster_rcnn_at_pascalvoc']);

export const netNames: readonly string[] = Object.keys(nets);

/** The net of a program's path; `'detector'` for those of object detection. */
export function netOf(path: string): Net | 'detector' | undefined {
  const name = /(\w+?_at_[a-z0-9]+)(_run)?(\.py)?$/.exec(path)?.[1] ?? '';
  if (detectors.has(name)) return 'detector';
  return Object.hasOwn(nets, name) ? nets[name] : undefined;
}

/** The net that is meant when only flags are given: the one that knows them. */
export function likelyNet(flag: (name: string) => string | undefined): string | undefined {
  if (flag('mobilenet_version') !== undefined || flag('mobilenet_depth_mult') !== undefined)
    return 'mobilenet_at_ilsvrc12';
  const size = flag('resnet_size');
  if (size === undefined) return undefined;
  return ['18', '34', '50', '101', '152'].includes(size) ? 'resnet_at_ilsvrc12' : 'resnet_at_cifar10';
}
