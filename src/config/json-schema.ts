import { z } from 'zod';
import { learners } from './learners';
import { metaText, optionMeta } from './option-meta';
import { configSchema } from './schema';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** JSON schema (draft 7) of `.pocketflow.yaml`, for editors that know nothing of PocketFlow. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ path, jsonSchema, zodSchema }) => {
      describe(jsonSchema, zodSchema);
      if (path.at(-1) !== 'options') return;
      // zod checks options by learner, in `rules.ts`; a schema can say which there are.
      delete jsonSchema.propertyNames;
      delete jsonSchema.additionalProperties;
      jsonSchema.anyOf = Object.entries(learners)
        .filter(([, { options }]) => Object.keys(options.shape).length > 0)
        .map(([learner, { options }]) => {
          const { $schema: _dialect, ...schema } = z.toJSONSchema(options, {
            target: 'draft-7',
            io: 'input',
            override: ({ jsonSchema, zodSchema }) => describe(jsonSchema, zodSchema),
          });
          return { title: learner, ...schema };
        });
    },
  });
}

/** Other editors know no keywords of ours: what they would say goes into the description. */
function describe(jsonSchema: JsonSchema, zodSchema: unknown): void {
  const note = metaText(optionMeta(zodSchema));
  delete jsonSchema['replaces'];
  delete jsonSchema['source'];
  if (note !== undefined && jsonSchema.description !== undefined) jsonSchema.description += ` ${note}`;
}
