import { z } from 'zod';
import { ModelFileError } from '../model-file-error';

/** A reference to another layer's output, as Keras 2 writes it: `[name, node, tensor, arguments]`. */
const reference = z.tuple([z.string(), z.number(), z.number()]).rest(z.unknown());

const layerSchema = z.object({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.looseObject({ name: z.string() }),
  inbound_nodes: z.array(z.array(reference)).optional(),
});
export type KerasLayer = z.output<typeof layerSchema>;

const functional = z.object({
  name: z.string().optional(),
  layers: z.array(layerSchema),
  output_layers: z.union([z.array(reference), reference]),
});
const sequential = z.object({ name: z.string().optional(), layers: z.array(layerSchema) });

const topology = z.object({
  model_config: z.object({ class_name: z.string(), config: z.unknown() }).optional(),
  class_name: z.string().optional(),
  config: z.unknown().optional(),
});

const modelSchema = z.object({
  format: z.string().optional(),
  modelTopology: topology,
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.number().int().nonnegative()),
          dtype: z.string(),
          quantization: z.unknown().optional(),
        }),
      ),
    }),
  ),
});
export type WeightsManifest = z.output<typeof modelSchema>['weightsManifest'];

/** A Keras model in one form: layers in order, each naming those it reads. */
export interface KerasModel {
  readonly name: string;
  readonly layers: readonly { readonly layer: KerasLayer; readonly inputs: readonly string[] }[];
  readonly output: string;
  readonly manifest: WeightsManifest;
}

/** @throws ModelFileError when it isn't the `model.json` of a TF.js layers model with one input and one output. */
export function parseModelJson(text: string): KerasModel {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ModelFileError('this is not JSON, or it is cut off', 'copy or convert the model again');
  }
  const parsed = modelSchema.safeParse(json);
  if (parsed.data?.format === 'graph-model') {
    throw new ModelFileError(
      'this is a TF.js graph model, which has no layers',
      'convert with: tensorflowjs_converter --output_format=tfjs_layers_model',
    );
  }
  if (!parsed.success) throw notAModel(parsed.error);
  const { modelTopology, weightsManifest } = parsed.data;
  const { class_name: kind = '', config } = modelTopology.model_config ?? modelTopology;
  return { ...(kind === 'Sequential' ? readSequential(config) : readFunctional(config)), manifest: weightsManifest };
}

function readSequential(config: unknown): Omit<KerasModel, 'manifest'> {
  const parsed = sequential.safeParse(config);
  if (!parsed.success) throw notAModel(parsed.error);
  const { name = 'model', layers } = parsed.data;
  const [first] = layers;
  if (!first) throw new ModelFileError('the model has no layers');
  const shape = first.config.batch_input_shape;
  const input: KerasLayer = {
    class_name: 'InputLayer',
    config: { name: `${first.config.name}/input`, batch_input_shape: shape },
  };
  const all = first.class_name === 'InputLayer' ? layers : [input, ...layers];
  return {
    name,
    layers: all.map((layer, i) => ({ layer, inputs: i === 0 ? [] : [all[i - 1].config.name] })),
    output: all[all.length - 1].config.name,
  };
}

function readFunctional(config: unknown): Omit<KerasModel, 'manifest'> {
  const parsed = functional.safeParse(config);
  if (!parsed.success) throw notAModel(parsed.error);
  const { name = 'model', layers, output_layers: outputs } = parsed.data;
  const [output, ...others] = typeof outputs[0] === 'string' ? [outputs] : outputs;
  if (!Array.isArray(output) || others.length > 0) {
    throw new ModelFileError('the model has several outputs', 'save a model whose only output are the class scores');
  }
  return { name, layers: layers.map((layer) => ({ layer, inputs: inputsOf(layer) })), output: String(output[0]) };
}

function inputsOf(layer: KerasLayer): string[] {
  const calls = layer.inbound_nodes ?? [];
  if (calls.length > 1) {
    throw new ModelFileError(
      `layer "${layer.config.name}" is used ${calls.length} times; shared layers are not supported`,
    );
  }
  return (calls[0] ?? []).map(([name]) => name);
}

function notAModel(error: z.ZodError): ModelFileError {
  const [issue] = error.issues;
  return new ModelFileError(
    `this is not the model.json of a TF.js layers model: ${issue.path.join('.') || 'top level'}: ${issue.message}`,
    'convert a Keras model with: tensorflowjs_converter --input_format=keras',
  );
}
