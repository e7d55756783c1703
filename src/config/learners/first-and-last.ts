import { z } from 'zod';

/** What a model's first and last layer with weights are stored in: they are small, and rounding them costs the most. */
export const firstAndLast = (usual: 'same' | 'float' | number) =>
  z
    .union([z.enum(['same', 'float']), z.number().int().min(2).max(8)])
    .default(usual)
    .describe(
      'Bits of the first and the last layer: the same as of the others, left in floating point, or at least so many bits. What `layers` says comes first.',
    );
export type FirstAndLast = z.output<ReturnType<typeof firstAndLast>>;
