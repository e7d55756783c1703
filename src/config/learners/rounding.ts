import { z } from 'zod';

/** How weights come to the values that they may have. */
export const rounding = (usual: 'nearest' | 'adaptive') =>
  z
    .enum(['nearest', 'adaptive'])
    .default(usual)
    .describe(
      "nearest takes for each weight the closest value; adaptive those that together change the layer's output least, as sampled on training images, no labels (the problem of AdaRound, solved by coordinate descent). Layers of more than 2304 inputs are rounded to the nearest.",
    )
    .meta({ source: 'Nagel et al. 2020 (AdaRound); Behdin et al. 2023 (QuantEase)' });
