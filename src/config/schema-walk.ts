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

/** Key beside which an unknown `key` would be right: for `epochs` at the top, `training`. */
export function homeOf(schema: unknown, path: ConfigPath, key: string): string | undefined {
  for (const { shape } of schemasAt(schema, path).flatMap(objectSchemas)) {
    for (const [name, child] of Object.entries(shape)) {
      if (objectSchemas(child).some((object) => Object.hasOwn(object.shape, key))) return name;
    }
  }
  return undefined;
}
