import { z } from 'zod';
import type { ConfigPath } from './problem';

/** Strips what makes a schema optional. */
export function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
    inner = inner.unwrap();
  }
  return inner;
}

/** The object schemas that a value may follow: one, or several where the schema is a union. */
export function objectSchemas(schema: unknown): readonly z.ZodObject[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return [inner];
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => objectSchemas(option));
  return [];
}

/** The schemas that the value at `path` may follow. */
export function schemasAt(schema: unknown, path: ConfigPath): readonly unknown[] {
  const [segment, ...rest] = path;
  const inner = unwrap(schema);
  if (segment === undefined) return [inner];
  if (inner instanceof z.ZodArray) return schemasAt(inner.element, rest);
  if (inner instanceof z.ZodRecord) return schemasAt(inner.valueType, rest);
  return objectSchemas(inner).flatMap(({ shape }) => {
    const child: unknown = Object.hasOwn(shape, segment) ? shape[String(segment)] : undefined;
    return child === undefined ? [] : schemasAt(child, rest);
  });
}

/** Keys that the map at `path` may have; in a union, those of the branches that share a key with `present`, if any do. */
export function keysAt(schema: unknown, path: ConfigPath, present: readonly string[]): readonly string[] {
  const objects = schemasAt(schema, path).flatMap(objectSchemas);
  const meant = objects.filter(({ shape }) => present.some((key) => Object.hasOwn(shape, key)));
  return [...new Set((meant.length > 0 ? meant : objects).flatMap(({ shape }) => Object.keys(shape)))];
}

/** Keys one level below the map at `path`, and where they belong: `epochs` is under `training`. */
export function nestedKeys(schema: unknown, path: ConfigPath): ReadonlyMap<string, string> {
  const homes = new Map<string, string>();
  for (const { shape } of schemasAt(schema, path).flatMap(objectSchemas)) {
    for (const [home, child] of Object.entries(shape)) {
      for (const key of objectSchemas(child).flatMap((object) => Object.keys(object.shape))) {
        if (!homes.has(key)) homes.set(key, home);
      }
    }
  }
  return homes;
}
