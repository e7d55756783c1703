import { z } from 'zod';
import { layerFact } from '../runs/events';
import { runStatus } from './webview';

/** Keys of an entry under `layers` that decide how much of a layer is left. */
export const overrideKey = z.enum(['keep', 'sparsity']);
export type OverrideKey = z.infer<typeof overrideKey>;

/** What the config says of one layer, as it stands in the editor. */
export const layerOverride = z.object({
  keep: z.number().optional(),
  sparsity: z.number().optional(),
  skip: z.boolean().optional(),
});

/** What the layer panel shows of a run. */
export const layersView = z.object({
  /** Name of the config. */
  title: z.string(),
  status: runStatus,
  /** What all stages together have done, in the model's order, and what the config asks for from now on. */
  layers: z.array(z.object({ fact: layerFact, override: layerOverride.optional() })),
  /** Keys that the config's learners heed; none where the config can't be written. */
  writable: z.array(overrideKey),
});
export type LayersView = z.infer<typeof layersView>;

/** What the editor sends to the layer panel. */
export const toLayersPanel = z.discriminatedUnion('type', [
  z.object({ type: z.literal('layers'), view: layersView }),
  /** The cursor is on a line of the config that speaks of these layers. */
  z.object({ type: z.literal('select'), names: z.array(z.string()) }),
]);
export type ToLayersPanel = z.infer<typeof toLayersPanel>;

/** What the layer panel sends to the editor. */
export const fromLayersPanel = z.discriminatedUnion('type', [
  /** It listens now. */
  z.object({ type: z.literal('ready') }),
  /** Show the line of the config that decides for this layer. */
  z.object({ type: z.literal('reveal'), name: z.string() }),
  /** Write a value into the config; null takes it out. */
  z.object({
    type: z.literal('override'),
    name: z.string(),
    key: overrideKey,
    value: z.number().min(0).max(1).nullable(),
  }),
  z.object({ type: z.literal('showResult') }),
]);
export type FromLayersPanel = z.infer<typeof fromLayersPanel>;
