import { z } from 'zod';

export const zooNames = [
  'lenet',
  'convnet',
  'resnet20',
  'resnet32',
  'resnet44',
  'resnet56',
  'resnet18',
  'resnet34',
  'resnet50',
  'mobilenet-v1',
  'mobilenet-v2',
] as const;
export type ZooName = (typeof zooNames)[number];

const zooModel = z.strictObject({
  zoo: z.enum(zooNames).describe('Architecture from the zoo; the data set says how many classes it has.'),
  weights: z
    .string()
    .optional()
    .describe(
      'Model file (.onnx or TF.js model.json) to take the parameters from. Without it the run trains a baseline first.',
    ),
  width: z
    .number()
    .positive()
    .max(4)
    .default(1)
    .describe('MobileNet width multiplier: scales every channel count.')
    .meta({ source: 'Howard et al. 2017', replaces: ['mobilenet_depth_mult'] }),
});
const fileModel = z.strictObject({
  path: z.string().describe('Model file: .onnx, or the model.json of a TF.js layers model.'),
});
/** A name from the zoo, or the path of a model file relative to the config. */
export const modelSchema = z.union([z.enum(zooNames), z.string(), zooModel, fileModel]);
export type ModelInput = z.output<typeof modelSchema>;
