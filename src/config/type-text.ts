import type { JsonSchema } from './json-schema';

/** What values a schema takes, in a few words of Markdown: ``whole number in [1, 64]``, `` `sgd`, `adam` ``. */
export function typeOf(schema: JsonSchema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.filter(isSchema).map(typeOf))].join(', or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  switch (schema.type) {
    case 'array':
      return isSchema(schema.items) && schema.items.properties === undefined
        ? `list of ${typeOf(schema.items)}`
        : 'list of maps';
    case 'object':
      return 'map';
    case 'boolean':
      return '`true`, `false`';
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return `${schema.type === 'integer' ? 'whole number' : 'number'}${rangeOf(schema)}`;
    default:
      return '';
  }
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const lower = minimum ?? exclusiveMinimum;
  // zod gives every integer the bounds of exact integers.
  const upper = maximum === Number.MAX_SAFE_INTEGER ? undefined : (maximum ?? exclusiveMaximum);
  if (lower === undefined || lower === Number.MIN_SAFE_INTEGER) return '';
  if (upper === undefined) return minimum === undefined ? ` above ${lower}` : ` from ${lower}`;
  return ` in ${minimum === undefined ? '(' : '['}${lower}, ${upper}${exclusiveMaximum === undefined ? ']' : ')'}`;
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}
