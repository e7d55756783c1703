import type { z } from 'zod';
import type { ConfigPath } from './problem';
import { suggest } from './suggest';

/** A message without its subject, and what would be right in place of the value where that can be told. */
type Wording = [message: string, replacement?: string];

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
  distillation: 'distillation: { weight: 0.25, temperature: 4 }',
  normalization: 'normalization: { mean: [0.5], std: [0.25] }',
  milestones: 'milestones: [0.5, 0.75]',
};

const typeNames: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** How the value of `key` looks when it is right, for keys that hold more than one value. */
export function exampleOf(key: string | number | undefined): string | undefined {
  return typeof key === 'string' && Object.hasOwn(examples, key) ? examples[key] : undefined;
}

/** A value of another type than the `expected` ones, or in place of some fixed `values`. */
export function wrongType(
  expected: readonly string[],
  input: unknown,
  path: ConfigPath,
  values: readonly unknown[] = [],
): Wording {
  const kinds = [...new Set(expected.map((kind) => typeNames[kind] ?? kind))];
  if (values.length > 0 && !expected.includes('string'))
    kinds.unshift(values.length === 1 ? shown(values[0]) : `one of ${listed(values)}`);
  const wanted = kinds.join(' or ');
  const example = exampleOf(path.at(-1));
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

/** A value that is none of the fixed ones. */
export function wrongValue(values: readonly unknown[], input: unknown): Wording {
  const meant = typeof input === 'string' ? suggest(input, values.map(String)) : undefined;
  if (meant !== undefined) return [`can't be ${shown(input)}: did you mean \`${meant}\`?`, meant];
  return [`can't be ${shown(input)}: it must be ${values.length === 1 ? '' : 'one of '}${listed(values)}`];
}

/** A number, list or text that is too large or too small. */
export function outOfRange(
  issue: Extract<z.core.$ZodIssue, { code: 'too_small' | 'too_big' }>,
  input: unknown,
): Wording {
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

/** What a path is called in a message: its last key. */
export function nameOf(path: ConfigPath): string {
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

/** `a`, `b` and `c`. */
export function listed(values: readonly unknown[], word = 'and'): string {
  const quoted = values.map((value) => `\`${String(value)}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${word} ${last}`;
}
