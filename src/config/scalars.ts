import { z } from 'zod';

/** A share of something to keep: (0, 1]. */
export const ratio = z.number().gt(0).max(1);
