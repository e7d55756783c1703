import { z } from 'zod';
import { learners } from './learners';
import { configSchema } from './schema';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** JSON schema (draft 7) of `.pocketflow.yaml`, for editors that know nothing of PocketFlow. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ path, jsonSchema }) => {
      if (path.at(-1) !== 'options') return;
      // zod checks options by learner, in `rules.ts`; a schema can say which there are.
      delete jsonSchema.propertyNames;
      delete jsonSchema.additionalProperties;
      jsonSchema.anyOf = Object.entries(learners)
        .filter(([, { options }]) => Object.keys(options.shape).length > 0)
        .map(([learner, { options }]) => {
          const { $schema: _dialect, ...schema } = z.toJSONSchema(options, { target: 'draft-7', io: 'input' });
          return { title: learner, ...schema };
        });
    },
  });
}
