import { z } from 'zod';
import type { JsonSchema } from '../config/json-schema';
import { learners } from '../config/learners';
import type { ConfigPath } from '../config/problem';
import { configSchema, type StageInput } from '../config/schema';
import { objectSchemas, schemasAt, unwrap } from '../config/schema-walk';
import { learnerOf } from '../config/stages';
import type { ConfigDocument } from './document';

/** A key that a map may have. */
export interface Field {
  readonly key: string;
  readonly schema: z.ZodType;
  /** Whether the map can't do without. */
  readonly required: boolean;
  readonly description: string;
}

/** The maps that may stand at a path; `options` are those of the stage's learner. */
export function mapsAt(document: ConfigDocument, path: ConfigPath): readonly z.ZodObject[] {
  const stage = path.at(-1) === 'options' ? path.slice(0, -1) : undefined;
  if (stage && isStage(stage)) return [learners[learnerAt(document, stage)].options];
  return schemasAt(configSchema, path).flatMap(objectSchemas);
}

/** The fields of the map at a path; in a choice of maps, of those that share a key with `present`, if any do. */
export function fieldsAt(document: ConfigDocument, path: ConfigPath, present: readonly string[]): readonly Field[] {
  const maps = mapsAt(document, path);
  const meant = maps.filter(({ shape }) => present.some((key) => Object.hasOwn(shape, key)));
  const fields = new Map<string, Field>();
  for (const { shape } of meant.length > 0 ? meant : maps) {
    for (const [key, schema] of Object.entries<z.ZodType>(shape)) {
      if (fields.has(key)) continue;
      fields.set(key, { key, schema, required: isRequired(schema), description: descriptionOf(schema) });
    }
  }
  return [...fields.values()];
}

/** The field that a path ends in. */
export function fieldAt(document: ConfigDocument, path: ConfigPath): Field | undefined {
  const key = path.at(-1);
  if (typeof key !== 'string') return undefined;
  const home = path.slice(0, -1);
  const map = document.nodeAt(home);
  const present = map?.kind === 'map' ? map.pairs.map((pair) => String(pair.key.value)) : [];
  return fieldsAt(document, home, present).find((field) => field.key === key);
}

/** The schemas that the value at a path may follow, each one branch of a choice. */
export function branchesAt(document: ConfigDocument, path: ConfigPath): readonly z.ZodType[] {
  const [key, home] = [path.at(-1), path.slice(0, -1)];
  if (home.at(-1) === 'options' && isStage(home.slice(0, -1))) {
    return mapsAt(document, home).flatMap(({ shape }) => branchesOf((shape as Record<string, z.ZodType>)[String(key)]));
  }
  if (key === 'options' && isStage(home)) return mapsAt(document, path);
  return schemasAt(configSchema, path).flatMap(branchesOf);
}

/** The branches of a choice, without what makes them optional. */
export function branchesOf(schema: unknown): readonly z.ZodType[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap(branchesOf);
  return inner instanceof z.ZodType ? [inner] : [];
}

/** Whether a path is that of a stage: the config itself, where it has no list, or an item of `stages`. */
export function isStage(path: ConfigPath): boolean {
  return path.length === 0 || (path.length === 2 && path[0] === 'stages' && typeof path[1] === 'number');
}

/** The learner of the stage at a path, as far as it can be told. */
export function learnerAt(document: ConfigDocument, stage: ConfigPath): keyof typeof learners {
  const written = document.plain(document.nodeAt(stage)) as StageInput | null;
  const learner = written && typeof written === 'object' ? written.learner : undefined;
  if (learner !== undefined && learner !== null && Object.hasOwn(learners, learner)) return learner;
  const target = written && typeof written === 'object' && typeof written.target === 'object' ? written.target : null;
  return learnerOf({ ...(target && { target }) });
}

/** Whether a map can't leave a field of this schema out. */
function isRequired(schema: z.ZodType): boolean {
  const known = required.get(schema) ?? !z.safeParse(schema, undefined).success;
  required.set(schema, known);
  return known;
}
const required = new WeakMap<z.ZodType, boolean>();

/** What a schema is described by, at whatever depth of its wrappers. */
export function descriptionOf(schema: unknown): string {
  for (let inner = schema; inner instanceof z.ZodType; inner = inner.unwrap()) {
    if (inner.description !== undefined) return inner.description;
    if (!(inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault)) break;
  }
  return '';
}

const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>();

export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const known = jsonSchemas.get(schema);
  if (known) return known;
  const made = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
  jsonSchemas.set(schema, made);
  return made;
}

/** The fixed values that a schema takes; none for one that is open. */
export function constantsOf(schema: z.ZodType): readonly (string | number | boolean | null)[] {
  if (schema instanceof z.ZodEnum) return schema.options;
  if (schema instanceof z.ZodLiteral) return [...schema.values] as readonly (string | number | boolean | null)[];
  return schema instanceof z.ZodBoolean ? [true, false] : [];
}
