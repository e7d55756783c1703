import { explain } from '../explain';
import type { Entry } from './draft';
import type { FlagPlace } from './flag-table';
import type { LeftFlag } from './migration';
import type { Net } from './nets';

interface Context {
  readonly flag: (name: string) => string | undefined;
  readonly net: Net;
}

/** A flag's value as the config writes it, or why it can't be written. */
export function convert(
  place: FlagPlace,
  value: string,
  context: Context,
): { entry: Entry } | Pick<LeftFlag, 'why' | 'reason'> {
  const { flag, path, as } = place;
  const origin = `${flag} ${value}`;
  if (typeof as === 'object' && 'values' in as) {
    if (!Object.hasOwn(as.values, value))
      return { why: 'dropped', reason: `\`${value}\` is what happens without \`${path.join('.')}\` too` };
    return { entry: { path, value: as.values[value], origin, flag } };
  }
  const read = plain(value);
  const number = typeof read === 'number' ? scaled(read, place, context) : undefined;
  const found = number?.value ?? read;
  const [problem] = explain(place.schema, found);
  if (problem) return { why: 'invalid', reason: `${found} can't be \`${path.join('.')}\`: ${bare(problem.message)}` };
  return { entry: { path, value: found, origin: `${origin}${number?.how ?? ''}`, flag } };
}

function plain(value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** A number in the unit of the key, with how it came about. */
function scaled(value: number, { as }: FlagPlace, { flag, net }: Context): { value: number; how?: string } {
  if (as === 'complement') return { value: round(1 - value), how: ', removed' };
  if (as === 'epochs') return { value: round(value * net.epochs(flag)), how: ` x ${net.epochs(flag)} epochs` };
  if (as === 'batchRate') {
    const batch = Number(flag('batch_size') ?? net.batchSize);
    const norm = Number(flag('batch_size_norm') ?? net.batchSizeNorm);
    if (!(batch > 0 && norm > 0) || batch === norm) return { value };
    return { value: round((value * batch) / norm), how: ` x batch_size ${batch} / batch_size_norm ${norm}` };
  }
  if (typeof as === 'object' && 'times' in as) return { value: round(value * as.times), how: ` x ${as.times}` };
  return { value };
}

/** Without the noise of binary fractions. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}

/** A message about a value that has no key of its own: without its subject. */
function bare(message: string): string {
  return message.replace(/^the config /, 'it ');
}
