import type { z } from 'zod';
import { learnerIds, learners, type LearnerId } from '../learners';
import { optionMeta, type ReplacedFlag } from '../option-meta';
import type { ConfigPath } from '../problem';
import { configSchema } from '../schema';
import { objectSchemas } from '../schema-walk';

/** Where the value of a flag is written in a config. */
export interface FlagPlace {
  readonly flag: string;
  readonly path: ConfigPath;
  readonly schema: z.ZodType;
  /** The learner that has the option; absent for keys that every learner knows. */
  readonly learner?: LearnerId;
  readonly as?: ReplacedFlag['as'];
}

/** Every flag that a key of the config replaces, as the schema tells it. One flag may have several places. */
export function flagTable(): readonly FlagPlace[] {
  // A config with one stage is written without the list, and `baseline` trains as `training` does.
  const { stages: _stages, baseline: _baseline, ...shape } = configSchema.shape;
  return [
    ...placesIn(shape, []),
    ...learnerIds.flatMap((learner) =>
      placesIn(learners[learner].options.shape, ['options']).map((place) => ({ ...place, learner })),
    ),
  ];
}

function placesIn(shape: Readonly<Record<string, z.ZodType>>, home: ConfigPath): FlagPlace[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const path = [...home, key];
    const here = optionMeta(schema).replaces.map((replaced) => ({ ...replaced, path, schema }));
    // A teacher is written like the model, and PocketFlow had no flag for it.
    const below = key === 'teacher' ? [] : objectSchemas(schema).flatMap((object) => placesIn(object.shape, path));
    return [...here, ...below];
  });
}
