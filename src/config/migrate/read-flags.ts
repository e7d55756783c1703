import { pocketflowFlags, switchFlags } from './pocketflow-flags';

export interface CommandLine {
  /** Values by flag, without dashes; the last one counts, as in PocketFlow. Of a switch: `true` or `false`. */
  readonly flags: ReadonlyMap<string, string>;
  /** What stands there without a flag: the program that is run, and whatever else. */
  readonly words: readonly string[];
  /** Flags that need a value and have none. */
  readonly empty: readonly string[];
}

/** Takes a PocketFlow command line apart: `--flag value`, `--flag=value`, `--switch`, `--noswitch`, with one dash or two. */
export function readFlags(args: readonly string[]): CommandLine {
  const flags = new Map<string, string>();
  const words: string[] = [];
  const empty: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const [, name = '', given] = /^--?([A-Za-z]\w*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === '') {
      words.push(arg);
      continue;
    }
    const flag = switchOf(name);
    const next = args[i + 1];
    if (flag !== undefined) {
      // `--enbl_dst true` is no flag of PocketFlow's with a value, but is what people write.
      const follows = given === undefined && next !== undefined && /^(true|false)$/i.test(next);
      if (follows) i++;
      const value = !/^(false|f|no|n|0)$/i.test(follows ? next : (given ?? 'true'));
      flags.set(flag, String(flag === name ? value : !value));
    } else if (given !== undefined) {
      flags.set(name, given);
    } else if (next !== undefined && !/^--?[A-Za-z]/.test(next)) {
      flags.set(name, next);
      i++;
    } else {
      empty.push(name);
    }
  }
  return { flags, words, empty };
}

function switchOf(name: string): string | undefined {
  if (switchFlags.has(name)) return name;
  const positive = name.replace(/^no/, '');
  return !pocketflowFlags.includes(name) && switchFlags.has(positive) ? positive : undefined;
}
