import { zooNames } from '../schema';
import { listed } from '../wording';
import type { Entry } from './draft';
import { MigrateError, type MigrateOptions } from './migration';
import { likelyNet, netNames, netOf, type Net } from './nets';
import type { CommandLine } from './read-flags';

export interface Subject {
  readonly net: Net;
  readonly entries: readonly Entry[];
  /** Flags that say which model and data it is. */
  readonly used: ReadonlySet<string>;
  readonly assumed: readonly string[];
}

/** The model and the data: from the program that is run, else from flags that only some programs know. */
export function subjectOf({ words, flags }: CommandLine, options: MigrateOptions): Subject {
  const flag = (name: string): string | undefined => flags.get(name);
  const program = words.find((word) => netOf(word) !== undefined);
  const name = program ?? likelyNet(flag);
  const net = netOf(name ?? 'resnet_at_cifar10');
  if (net === undefined || net === 'detector')
    throw new MigrateError('object detection is not supported yet', `there are ${listed(netNames)}`);
  const origin = program ?? (name === undefined ? 'assumed' : 'by the flags');
  const model = options.model ?? net.model(flag);
  if (options.model === undefined && !(zooNames as readonly string[]).includes(model)) {
    throw new MigrateError(`the zoo has no model \`${model}\``, `it has ${listed(zooNames)}; --model takes a file too`);
  }
  const chooser = ['resnet_size', 'mobilenet_version'].find((name) => flags.has(name));
  const directory = flag('data_dir_local');
  const data = datasetOf(options.dataset ?? net.dataset, options.dataset !== undefined, directory);
  return {
    net,
    entries: [
      {
        path: ['model'],
        value: model,
        origin: options.model === undefined ? origin : '--model',
        ...(chooser !== undefined && { flag: chooser }),
      },
      ...data.map((entry) => ({ ...entry, origin: entry.origin ?? (options.dataset ? '--dataset' : origin) })),
    ],
    used: new Set(['resnet_size', 'mobilenet_version', ...(directory === undefined ? [] : ['data_dir_local'])]),
    assumed: [
      ...(name === undefined && options.model === undefined
        ? [
            "The flags don't say which model: ResNet-20 on CIFAR-10 is assumed. Name the program that they are for, or change `model` and `dataset`.",
          ]
        : []),
      ...(data.some(({ path }) => path[1] === 'folder')
        ? ['Images are read as JPEG or PNG files, a folder for each class, not as TFRecords.']
        : []),
    ],
  };
}

type DataEntry = Omit<Entry, 'origin'> & { readonly origin?: string };

function datasetOf(dataset: Net['dataset'], isGiven: boolean, directory: string | undefined): DataEntry[] {
  const local = { origin: `data_dir_local ${directory ?? ''}`, flag: 'data_dir_local' };
  if (typeof dataset === 'string' && !/[\\/]/.test(dataset)) {
    if (directory === undefined) return [{ path: ['dataset'], value: dataset }];
    return [
      { path: ['dataset', 'name'], value: dataset },
      { path: ['dataset', 'directory'], value: directory, ...local },
    ];
  }
  if (typeof dataset === 'string') return [{ path: ['dataset', 'folder'], value: dataset }];
  return directory === undefined || isGiven
    ? [{ path: ['dataset', 'folder'], value: dataset.folder, origin: 'to be set: where the images are' }]
    : [{ path: ['dataset', 'folder'], value: directory, ...local }];
}
