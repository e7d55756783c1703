import { parse } from 'yaml';
import { z } from 'zod';
import { unwrap } from '../config/schema-walk';
import { exampleOf } from '../config/wording';
import { exampleName } from './names';
import { branchesOf, constantsOf, jsonSchemaOf } from './schema';

/** What a value may be, to begin with: plain data. */
export type Sample = string | number | boolean | null | readonly Sample[] | { readonly [key: string]: Sample };

/**
 * Values that a schema takes, the best to begin with first: its default, what its description is about, the smallest map.
 * A map that needs one of several keys gives a sample for each.
 */
export function samplesOf(schema: z.ZodType, key = ''): readonly Sample[] {
  const known = samples.get(schema) ?? new Map<string, readonly Sample[]>();
  samples.set(schema, known);
  const found = known.get(key) ?? findSamples(schema, key);
  known.set(key, found);
  return found;
}

/** Each is asked for again and again, and never changes. By schema and key. */
const samples = new WeakMap<z.ZodType, Map<string, readonly Sample[]>>();

function findSamples(schema: z.ZodType, key: string): readonly Sample[] {
  const { default: initial, examples = [] }: { default?: unknown; examples?: unknown[] } = jsonSchemaOf(schema);
  if (initial !== undefined && !isRecord(initial)) return [initial as Sample];
  const shown = [...(examples as Sample[]), ...exampleFor(key)].filter((value) => schema.safeParse(value).success);
  return [...shown, ...branchesOf(schema).flatMap((branch) => samplesOfBranch(branch, key))];
}

function samplesOfBranch(schema: z.ZodType, key: string): readonly Sample[] {
  const constants = constantsOf(schema);
  if (constants.length > 0) return constants;
  if (schema instanceof z.ZodNumber) return [numberFor(schema)];
  if (schema instanceof z.ZodString) return [exampleName(key)];
  if (schema instanceof z.ZodArray) {
    const items = samplesOf(schema.element as z.ZodType);
    // Three for what has one value a channel.
    return [...items.map((item) => [item]), ...items.slice(0, 1).map((item) => [item, item, item])];
  }
  if (schema instanceof z.ZodObject) return mapsOf(schema);
  return schema instanceof z.ZodRecord ? [{}] : [];
}

/** The example that messages give for a key. */
function exampleFor(key: string): readonly Sample[] {
  const example = exampleOf(key);
  return example === undefined ? [] : [(parse(example) as Record<string, Sample>)[key] ?? null];
}

/** Maps with what can't be left out, then such with one key more. */
function mapsOf(schema: z.ZodObject): readonly Sample[] {
  const shape = Object.entries<z.ZodType>(schema.shape);
  const required = shape.filter(([, field]) => !z.safeParse(field, undefined).success);
  const least = Object.fromEntries(required.map(([key, field]) => [key, samplesOf(field, key)[0] ?? null]));
  const larger = shape
    .filter(([key]) => !Object.hasOwn(least, key))
    .map(([key, field]) => ({ ...least, [key]: samplesOf(field, key)[0] ?? null }));
  return [least, ...larger].filter((map) => schema.safeParse(map).success);
}

/** A share is best begun with a half; any other number with the least that is allowed. */
function numberFor(schema: z.ZodNumber): number {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = jsonSchemaOf(schema);
  const candidates = [0.5, minimum, 1, Math.floor(Number(exclusiveMinimum ?? -1)) + 1, 0];
  const isShare = maximum === 1 || exclusiveMaximum === 1;
  const ordered = isShare ? candidates : candidates.slice(1);
  return ordered.find((value): value is number => value !== undefined && schema.safeParse(value).success) ?? 0;
}

/** Whether a schema takes nothing but maps. */
export function takesOnlyMaps(schema: z.ZodType): boolean {
  return branchesOf(schema).every((branch) => branch instanceof z.ZodObject || branch instanceof z.ZodRecord);
}

/** The schema of a list's items. */
export function itemOf(schema: z.ZodType): z.ZodType | undefined {
  const inner = unwrap(schema);
  return inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
