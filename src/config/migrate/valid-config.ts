import { parseConfig } from '../parse';
import { draftText, type Entry } from './draft';
import { MigrateError, type LeftFlag, type Migration } from './migration';
import type { CommandLine } from './read-flags';

/** The config of `entries` without those that can't stand: what the language finds wrong with them is why. */
export function validConfig(
  args: readonly string[],
  entries: readonly Entry[],
  left: readonly LeftFlag[],
  assumed: readonly string[],
  line: CommandLine,
): Migration {
  const valueOf = ({ flag = '' }: Entry): string => line.flags.get(flag) ?? '';
  const text = draftText(entries, headOf(args, left, assumed));
  const { config, problems } = parseConfig(text);
  if (config) {
    const kept = entries.flatMap((entry) =>
      entry.flag === undefined ? [] : [{ flag: entry.flag, value: valueOf(entry), path: entry.path }],
    );
    return { text, kept, left, assumed };
  }
  const wrong = new Map<Entry, string>();
  for (const { path, code, message } of problems) {
    if (path.length === 0) continue;
    const reason =
      code === 'unknown-key'
        ? `\`${path.join('.')}\` is not for this kind of \`${path.slice(0, -1).join('.')}\``
        : message;
    const below = entries.filter((entry) => entry.flag !== undefined && path.every((key, i) => entry.path[i] === key));
    for (const entry of below) wrong.set(entry, reason);
  }
  if (wrong.size === 0) throw new MigrateError(problems.map(({ message }) => message).join('\n'));
  const further = [...wrong].map(([entry, reason]): LeftFlag => {
    return { flag: entry.flag ?? '', value: valueOf(entry), why: 'invalid', reason };
  });
  return validConfig(
    args,
    entries.filter((entry) => !wrong.has(entry)),
    [...left, ...further],
    assumed,
    line,
  );
}

function headOf(args: readonly string[], left: readonly LeftFlag[], assumed: readonly string[]): string[] {
  const lines = [
    'Made by `pocketflow migrate` from',
    `  ${args.join(' ')}`,
    'What it does not say is chosen to suit the model and the data.',
    ...assumed,
  ];
  if (left.length > 0) lines.push('', 'Not in this config:');
  return [...lines, ...left.map(({ flag, value, reason }) => `  ${flag} ${value}: ${reason}`)].map(oneLine);
}

/** A line break would end the comment. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
