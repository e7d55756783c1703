import { z } from 'zod';

export const MAGIC = 'PFPACKED';
export const VERSION = 1;

const shape = z.array(z.number().int().positive()).readonly();
const shared = { name: z.string(), shape, bytes: z.number().int().nonnegative() };
const entrySchema = z.discriminatedUnion('as', [
  z.object({ ...shared, as: z.literal('float32') }),
  z.object({ ...shared, as: z.literal('bits'), bits: z.number().int().min(1).max(8) }),
  z.object({
    ...shared,
    as: z.literal('huffman'),
    lengths: z.array(z.number().int().min(0).max(48)).max(256).readonly(),
  }),
]);
/** How one parameter is stored. */
export type Entry = z.output<typeof entrySchema>;

export const headerSchema = z.object({
  name: z.string(),
  output: z.string(),
  /** Nodes of the graph; in place of its parameters each has their names. */
  nodes: z.array(z.looseObject({ kind: z.string(), name: z.string(), inputs: z.array(z.string()).readonly() })),
  /** In the order of the data. */
  tensors: z.array(entrySchema),
  sha256: z.string(),
});
export type Header = z.output<typeof headerSchema>;
