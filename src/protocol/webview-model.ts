import { z } from 'zod';

const cost = z.object({
  /** Multiply-adds x 2 for one sample. */
  flops: z.number(),
  /** Trainable parameters. */
  params: z.number(),
  /** Of all parameters as float32. */
  bytes: z.number(),
  /** Share of the trainable parameters that are zero, [0, 1]. */
  sparsity: z.number(),
});

/** A model as `pocketflow inspect --json` tells it. */
export const inspectedModel = z.object({
  /** Shape of one sample. */
  input: z.array(z.number()),
  layers: z.array(cost.extend({ name: z.string(), kind: z.string(), shape: z.array(z.number()) })),
  total: cost,
});
export type InspectedModel = z.infer<typeof inspectedModel>;

/** What the editor sends to the view of a model file. */
export const toModelView = z.discriminatedUnion('type', [
  z.object({ type: z.literal('model'), name: z.string(), model: inspectedModel }),
  /** It can't be read. */
  z.object({ type: z.literal('failure'), name: z.string(), message: z.string() }),
]);
export type ToModelView = z.infer<typeof toModelView>;

/** What the view of a model file sends to the editor. */
export const fromModelView = z.discriminatedUnion('type', [
  /** It listens now. */
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.enum(['compress', 'openAsText']) }),
]);
export type FromModelView = z.infer<typeof fromModelView>;
