import { z } from 'zod';
import type { ConfigPath, Finding } from './problem';
import { homeOf, keysAt, objectSchemas, schemasAt } from './schema-walk';
import { suggest } from './suggest';

type Issue = z.core.$ZodIssue;

/** How each map of the config looks when it is right. */
const examples: Readonly<Record<string, string>> = {
  model: 'model: resnet20',
  dataset: 'dataset: cifar10',
  name: 'name: cifar10',
  folder: 'folder: ./photos',
  target: 'target: { flops: 0.5 }',
  training: 'training: { epochs: 10 }',
  baseline: 'baseline: { epochs: 10 }',
  layers: 'layers: { "conv1": { skip: true } }',
  compute: 'compute: { backend: auto }',
  output: 'output: { formats: [onnx] }',
  options: 'options: { selection: magnitude }',
  stages: 'stages: [{ learner: channel, target: { flops: 0.5 } }]',
  formats: 'formats: [onnx, tfjs]',
  distillation: 'distillation: { weight: 4, temperature: 4 }',
  normalization: 'normalization: { mean: [0.5], std: [0.25] }',
  milestones: 'milestones: [0.5, 0.75]',
};

const photosHint = '; for images of your own write `dataset: { folder: ./photos }`';

const typeNames: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

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
  const wrong = (message: string, replacement?: string): Finding[] => [
    { path, at: 'value', message: `${name} ${message}`, ...(replacement === undefined ? {} : { replacement }) },
  ];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(schema, path, key, isMap(input) ? Object.keys(input) : []));
    case 'invalid_union':
      return explainUnion(issue, schema, root, path);
    case 'invalid_type':
      return input === undefined ? [missing(path)] : wrong(...wrongType([issue.expected], input, path));
    case 'invalid_value':
      return input === undefined ? [missing(path)] : wrong(...wrongValue(issue.values, input, name));
    case 'too_small':
    case 'too_big':
      return wrong(...outOfRange(issue, input));
    default:
      return wrong(issue.message);
  }
}

function missing(path: ConfigPath): Finding {
  const key = String(path.at(-1));
  const example = examples[key];
  return {
    path: path.slice(0, -1),
    at: 'key',
    message: `\`${key}\` is missing${example ? `: write for instance \`${example}\`` : ''}`,
  };
}

function unknownKey(schema: z.ZodType, path: ConfigPath, key: string, present: readonly string[]): Finding {
  const known = keysAt(schema, path, present);
  const meant = suggest(
    key,
    known.filter((candidate) => !present.includes(candidate)),
  );
  const home = homeOf(schema, path, key);
  const where = path.length === 0 ? '' : ` in ${nameOf(path)}`;
  let message = `there is no key \`${key}\`${where}`;
  if (home !== undefined) message += `: it belongs under \`${home}\``;
  else if (meant !== undefined) message += `: did you mean \`${meant}\`?`;
  else message += `; known: ${listed(known)}`;
  return {
    path: [...path, key],
    at: 'key',
    message,
    ...(home === undefined && meant !== undefined ? { replacement: meant } : {}),
  };
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
    return [{ path, at: 'key', message }];
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
    const [message, replacement] = wrongValue(values, input, name);
    const numbers = types.includes('number') ? ' or a number' : '';
    return {
      path,
      at: 'value',
      message: `${name} ${message}${numbers}${replacement === undefined && path.at(-1) === 'dataset' ? photosHint : ''}`,
      ...(replacement === undefined ? {} : { replacement }),
    };
  }
  const [message, replacement] = wrongType(types, input, path, values);
  return { path, at: 'value', message: `${name} ${message}`, ...(replacement === undefined ? {} : { replacement }) };
}

function wrongType(
  expected: readonly string[],
  input: unknown,
  path: ConfigPath,
  values: readonly unknown[] = [],
): [message: string, replacement?: string] {
  const kinds = [...new Set(expected.map((kind) => typeNames[kind] ?? kind))];
  if (values.length > 0 && !expected.includes('string'))
    kinds.unshift(values.length === 1 ? shown(values[0]) : `one of ${listed(values)}`);
  const wanted = kinds.join(' or ');
  const example = examples[String(path.at(-1))];
  if (input === null) return [`is empty: it must be ${wanted}${example ? `, like \`${example}\`` : ''}`];
  if (expected.some((kind) => kind === 'number' || kind === 'int') && typeof input === 'string') {
    const number = numberMeant(input);
    if (number !== undefined) return [`must be ${wanted}, not ${shown(input)}: write ${number}`, String(number)];
  }
  if (expected.includes('boolean') && typeof input === 'string') {
    const boolean = { yes: 'true', on: 'true', true: 'true', no: 'false', off: 'false', false: 'false' }[
      input.toLowerCase()
    ];
    if (boolean) return [`must be true or false, not ${shown(input)}: write ${boolean}`, boolean];
  }
  const needsExample = expected.some((kind) => ['object', 'record', 'array'].includes(kind));
  return [
    `must be ${wanted}, not ${shown(input)}${needsExample && example ? `: write for instance \`${example}\`` : ''}`,
  ];
}

function wrongValue(values: readonly unknown[], input: unknown, name: string): [message: string, replacement?: string] {
  if (name === '`version`')
    return [`must be 1, not ${shown(input)}: this PocketFlow knows no other version of the format`];
  const meant = typeof input === 'string' ? suggest(input, values.map(String)) : undefined;
  if (meant !== undefined) return [`can't be ${shown(input)}: did you mean \`${meant}\`?`, meant];
  return [`can't be ${shown(input)}: it must be ${values.length === 1 ? '' : 'one of '}${listed(values)}`];
}

function outOfRange(
  issue: Extract<Issue, { code: 'too_small' | 'too_big' }>,
  input: unknown,
): [message: string, replacement?: string] {
  if (issue.origin === 'array' || issue.origin === 'string') {
    const bound = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
    const count = issue.exact ? 'exactly' : issue.code === 'too_small' ? 'at least' : 'at most';
    const length = Array.isArray(input) || typeof input === 'string' ? input.length : 0;
    return [
      `needs ${count} ${bound} ${issue.origin === 'array' ? 'value' : 'character'}${bound === 1 ? '' : 's'}, not ${length}`,
    ];
  }
  if (issue.code === 'too_small') {
    const bound = issue.inclusive ? 'at least' : 'more than';
    return [`must be ${bound} ${issue.minimum}, not ${shown(input)}`];
  }
  // The bound 1 marks a share; people write percent.
  if (Number(issue.maximum) === 1 && typeof input === 'number' && input > 1 && input <= 100) {
    const range = `must be between 0 and 1, not ${input}`;
    const share = String(input / 100);
    return input > 2 ? [`${range}: for ${input} % write ${share}`, share] : [range];
  }
  return [`must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}, not ${shown(input)}`];
}

/** The number that a text was meant to be: "50%", "0,5", or a number in quotes. */
function numberMeant(text: string): number | undefined {
  const match = /^\s*([+-]?\d*[.,]?\d+(?:e[+-]?\d+)?)\s*(%?)\s*$/i.exec(text);
  if (!match?.[1]) return undefined;
  const value = Number(match[1].replace(',', '.'));
  return match[2] ? value / 100 : value;
}

function nameOf(path: ConfigPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'the config';
  if (typeof last === 'string') return `\`${last}\``;
  return `item ${last + 1} of ${nameOf(path.slice(0, -1))}`;
}

function shown(value: unknown): string {
  if (value === null) return 'empty';
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return String(value);
}

function listed(values: readonly unknown[], word = 'and'): string {
  const quoted = values.map((value) => `\`${String(value)}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${word} ${last}`;
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
