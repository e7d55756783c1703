import { z } from 'zod';
import { isDiagnosticCode, type DiagnosticCode } from './diagnostic-codes';
import type { ConfigPath, Finding } from './problem';
import { keysAt, nestedKeys, objectSchemas, schemasAt } from './schema-walk';
import { suggest } from './suggest';
import { exampleOf, listed, nameOf, outOfRange, wrongType, wrongValue } from './wording';

type Issue = z.core.$ZodIssue;

const photosHint = '; for images of your own write `dataset: { folder: ./photos }`';

/** What `schema` finds wrong with `value`, in words for the person who wrote it; paths begin with `base`. */
export function explain(schema: z.ZodType, value: unknown, base: ConfigPath = []): Finding[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  const { issues } = result.error;
  return issues
    .filter((issue) => !(issue.code === 'custom' && issues.some((other) => hidesCustom(other, issue))))
    .flatMap((issue) => explainIssue(issue, schema, value))
    .map((finding) => ({ ...finding, path: [...base, ...finding.path] }));
}

/** What a map lacks is no news where one of its keys is only mistyped. */
function hidesCustom(issue: Issue, custom: Issue): boolean {
  return issue.code === 'unrecognized_keys' && issue.path.join('\0') === custom.path.join('\0');
}

function explainIssue(issue: Issue, schema: z.ZodType, root: unknown): Finding[] {
  const path = issue.path.filter((segment) => typeof segment !== 'symbol');
  const input = valueAt(root, path);
  const name = nameOf(path);
  const wrong = (code: DiagnosticCode, message: string, replacement?: string): Finding[] => [
    { path, at: 'value', code, message: `${name} ${message}`, ...(replacement === undefined ? {} : { replacement }) },
  ];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(schema, path, key, isMap(input) ? Object.keys(input) : []));
    case 'invalid_union':
      return explainUnion(issue, schema, root, path);
    case 'invalid_type':
      return input === undefined ? [missing(path)] : wrong('wrong-type', ...wrongType([issue.expected], input, path));
    case 'invalid_value':
      return input === undefined ? [missing(path)] : wrong('invalid-value', ...wrongValue(issue.values, input));
    case 'too_small':
    case 'too_big':
      return wrong('out-of-range', ...outOfRange(issue, input));
    case 'custom': {
      // A refinement may say in its `params` which code it is for.
      const code: unknown = issue.params?.code;
      return wrong(isDiagnosticCode(code) ? code : 'inconsistent-values', issue.message);
    }
    default:
      return wrong('invalid-value', issue.message);
  }
}

function missing(path: ConfigPath): Finding {
  const key = String(path.at(-1));
  const example = exampleOf(key);
  return {
    path: path.slice(0, -1),
    at: 'key',
    code: 'missing-key',
    message: `\`${key}\` is missing${example ? `: write for instance \`${example}\`` : ''}`,
  };
}

function unknownKey(schema: z.ZodType, path: ConfigPath, key: string, present: readonly string[]): Finding {
  const known = keysAt(schema, path, present);
  const meant = suggest(
    key,
    known.filter((candidate) => !present.includes(candidate)),
  );
  const nested = nestedKeys(schema, path);
  const found: Finding = {
    path: [...path, key],
    at: 'key',
    code: 'unknown-key',
    message: `there is no key \`${key}\`${path.length === 0 ? '' : ` in ${nameOf(path)}`}`,
  };
  const home = nested.get(key);
  if (home !== undefined) {
    return { ...found, code: 'misplaced-key', message: `${found.message}: it belongs under \`${home}\`` };
  }
  if (meant !== undefined) {
    return { ...found, message: `${found.message}: did you mean \`${meant}\`?`, replacement: meant };
  }
  const below = suggest(key, [...nested.keys()]);
  const advice =
    below === undefined
      ? `; known: ${listed(known)}`
      : `: did you mean \`${below}\`, which belongs under \`${nested.get(below)}\`?`;
  return { ...found, message: `${found.message}${advice}` };
}

/** Explains the branch that was meant: the one whose type fits and whose keys are there. */
function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  schema: z.ZodType,
  root: unknown,
  path: ConfigPath,
): Finding[] {
  const input = valueAt(root, path);
  if (input === undefined) return [missing(path)];
  const branches = issue.errors.filter((issues) => !issues.some(isWrongAtRoot));
  if (branches.length === 0) return [noBranch(issue.errors.flat(), input, path)];

  const ranked = branches.map((issues) => ({ issues, misfit: misfit(issues, input) }));
  const least = Math.min(...ranked.map((branch) => branch.misfit));
  const best = ranked.filter((branch) => branch.misfit === least).map((branch) => branch.issues);
  const required = requiredKeys(schema, path);
  const present = isMap(input) ? required.filter((key) => Object.hasOwn(input, key)) : [];
  if (best.length > 1 && required.length > 1 && present.length !== 1) {
    const message =
      present.length === 0
        ? `${nameOf(path)} needs ${listed(required, 'or')}`
        : `${listed(present)} don't go together: keep one of them`;
    return [{ path, at: 'key', code: present.length === 0 ? 'missing-key' : 'conflicting-keys', message }];
  }
  return (best[0] ?? []).flatMap((inner) =>
    explainIssue({ ...inner, path: [...issue.path, ...inner.path] }, schema, root),
  );
}

function isWrongAtRoot(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

/** How badly a value misses a branch: keys that it doesn't know weigh most. */
function misfit(issues: readonly Issue[], input: unknown): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return sum + 10 * issue.keys.length;
    return sum + (valueAt(input, issue.path.map(String)) === undefined ? 10 : 1);
  }, 0);
}

/** The key of each branch that tells it from the others: the one that can't be left out. */
function requiredKeys(schema: z.ZodType, path: ConfigPath): string[] {
  const objects = schemasAt(schema, path).flatMap(objectSchemas);
  return objects.flatMap(({ shape }) =>
    Object.entries(shape)
      .filter(([, child]) => !z.safeParse(child, undefined).success)
      .map(([key]) => key),
  );
}

function noBranch(issues: readonly Issue[], input: unknown, path: ConfigPath): Finding {
  const name = nameOf(path);
  const values = issues.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values : []));
  const types = issues.flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : []));
  if (typeof input === 'string' && values.length > 0) {
    const [message, replacement] = wrongValue(values, input);
    const numbers = types.includes('number') ? ' or a number' : '';
    return {
      path,
      at: 'value',
      code: 'invalid-value',
      message: `${name} ${message}${numbers}${replacement === undefined && path.at(-1) === 'dataset' ? photosHint : ''}`,
      ...(replacement === undefined ? {} : { replacement }),
    };
  }
  const [message, replacement] = wrongType(types, input, path, values);
  return {
    path,
    at: 'value',
    code: 'wrong-type',
    message: `${name} ${message}`,
    ...(replacement === undefined ? {} : { replacement }),
  };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string | number, unknown>)[segment];
  }
  return value;
}
