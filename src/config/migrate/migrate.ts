import { learnerIds, type LearnerId } from '../learners';
import { suggest } from '../suggest';
import { listed } from '../wording';
import { convert } from './convert';
import type { Entry } from './draft';
import { droppedFlags } from './dropped-flags';
import { flagTable, type FlagPlace } from './flag-table';
import { MigrateError, type LeftFlag, type MigrateOptions, type Migration } from './migration';
import { netOf } from './nets';
import { pendingPart } from './pending-flags';
import { learnerOfFlag, pocketflowFlags, pocketflowLearners } from './pocketflow-flags';
import { readFlags, type CommandLine } from './read-flags';
import { subjectOf } from './subject';
import { validConfig } from './valid-config';

/** What learners that are not here did, done by one that is. */
const substitutes: Readonly<Record<string, LearnerId>> = {
  'chn-pruned-gpu': 'channel',
  'chn-pruned-rmt': 'channel',
};

/** PocketFlow's values of the flags that a target comes from: a target can't be left out here. */
const usualTargets: Readonly<Record<string, { readonly flag: string; readonly value: string }>> = {
  channel: { flag: 'cp_preserve_ratio', value: '0.5' },
  'chn-pruned-gpu': { flag: 'cpg_prune_ratio', value: '0.5' },
  'chn-pruned-rmt': { flag: 'cpr_prune_ratio', value: '0.5' },
  'dis-chn-pruned': { flag: 'dcp_prune_ratio', value: '0.5' },
  'weight-sparse': { flag: 'ws_prune_ratio', value: '0.75' },
  uniform: { flag: 'uql_weight_bits', value: '4' },
  'uniform-tf': { flag: 'uqtf_weight_bits', value: '8' },
  'non-uniform': { flag: 'nuql_weight_bits', value: '4' },
};

const uniformTarget = { flag: 'cp_uniform_preserve_ratio', value: '0.6' };

/**
 * Makes a config of a PocketFlow command line: `nets/resnet_at_cifar10_run.py --learner weight-sparse --ws_prune_ratio 0.8`.
 * Every flag is accounted for, either in the config or among those left out.
 * @throws MigrateError for flags that PocketFlow doesn't have, learners that are not here, and models that it can't name.
 */
export function migrate(args: readonly string[], options: MigrateOptions = {}): Migration {
  const line = readFlags(args);
  rejectUnknown(line);
  const flag = (name: string): string | undefined => line.flags.get(name);
  const learner = learnerFor(flag('learner') ?? 'full-prec');
  const subject = subjectOf(line, options);

  const places = placesFor(learner.id);
  const entries: Entry[] = [...subject.entries];
  const left: LeftFlag[] = [];
  const assumed = [...subject.assumed, ...(learner.assumed === undefined ? [] : [learner.assumed])];
  entries.push(
    flag('learner') === undefined
      ? { path: ['learner'], value: learner.id, origin: "PocketFlow's own learner" }
      : { path: ['learner'], value: learner.id, origin: `learner ${learner.theirs}`, flag: 'learner' },
  );

  for (const [name, value] of line.flags) {
    if (name === 'learner' || subject.used.has(name)) continue;
    const leave = (why: LeftFlag['why'], reason: string): void => void left.push({ flag: name, value, why, reason });
    const unread = whyUnread(name, learner.theirs, flag);
    const place = places.get(name);
    if (unread !== undefined) leave('unread', unread);
    else if (place) {
      const converted = convert(place, value, { flag, net: subject.net });
      if ('entry' in converted) entries.push(converted.entry);
      else leave(converted.why, converted.reason);
    } else if (name === 'cp_prune_option' && value === 'uniform') {
      leave('dropped', 'the ratio of `cp_uniform_preserve_ratio` is what the target says');
    } else if (Object.hasOwn(droppedFlags, name)) leave('dropped', droppedFlags[name] ?? '');
    else leave('unsupported', `${pendingPart(name)} is not supported yet`);
  }

  const isUniform = learner.id === 'channel' && flag('cp_prune_option') === 'uniform';
  const usual = isUniform ? uniformTarget : usualTargets[learner.theirs];
  const target = entries.some(({ path }) => path[0] === 'target') ? undefined : usual;
  const place = target && places.get(target.flag);
  if (target && place) {
    const converted = convert(place, target.value, { flag, net: subject.net });
    const origin = `PocketFlow's own ${target.flag} ${target.value}`;
    if ('entry' in converted) entries.push({ path: converted.entry.path, value: converted.entry.value, origin });
  }
  return validConfig(args, dropShadowed(entries, left, line), left, assumed, line);
}

function rejectUnknown({ flags, empty, words }: CommandLine): void {
  const unknown = [...flags.keys(), ...empty].filter(
    (name) => !pocketflowFlags.includes(name) && !Object.hasOwn(droppedFlags, name),
  );
  const problems = unknown.map((name) => {
    const meant = suggest(name, pocketflowFlags);
    return `PocketFlow has no flag --${name}${meant === undefined ? '' : `: did you mean --${meant}?`}`;
  });
  problems.push(...empty.filter((name) => !unknown.includes(name)).map((name) => `--${name} has no value`));
  const stray = words.filter((word) => netOf(word) === undefined && !launcher.test(word));
  problems.push(...stray.map((word) => `"${word}" is neither a flag nor one of PocketFlow's programs`));
  if (problems.length > 0) {
    const hint = "PocketFlow's flags stand after `--` as they are, options of this command before it";
    throw new MigrateError(problems.join('\n'), hint);
  }
}

/** What programs are started with. */
const launcher = /(^|\/)(python[\d.]*|bash|sh|run_(local|docker|seven)\.sh|main\.py)$/;

function learnerFor(theirs: string): { id: LearnerId; theirs: string; assumed?: string } {
  if ((learnerIds as readonly string[]).includes(theirs)) return { id: theirs as LearnerId, theirs };
  const id = Object.hasOwn(substitutes, theirs) ? substitutes[theirs] : undefined;
  if (id !== undefined) {
    return {
      id,
      theirs,
      assumed: `The learner \`${theirs}\` is not supported yet; \`${id}\`, which removes channels too, takes its place.`,
    };
  }
  if (pocketflowLearners.includes(theirs))
    throw new MigrateError(`the learner \`${theirs}\` is not supported yet`, `there are ${listed(learnerIds)}`);
  const meant = suggest(theirs, pocketflowLearners);
  throw new MigrateError(
    `PocketFlow has no learner \`${theirs}\`${meant === undefined ? '' : `: did you mean \`${meant}\`?`}`,
  );
}

/** Flags by name with the one place that they have for a learner. */
function placesFor(learner: LearnerId): ReadonlyMap<string, FlagPlace> {
  const all = flagTable().filter((place) => place.learner === undefined || place.learner === learner);
  return new Map(all.reverse().map((place) => [place.flag, place]));
}

/** Why PocketFlow does not read a flag beside the others. */
function whyUnread(name: string, learner: string, flag: (name: string) => string | undefined): string | undefined {
  const owner = learnerOfFlag(name);
  if (owner !== undefined && owner !== learner) return `it is for the learner \`${owner}\`, not for \`${learner}\``;
  const how = flag('cp_prune_option') ?? 'auto';
  switch (name) {
    case 'cp_preserve_ratio':
      return how === 'auto' ? undefined : `it is read with --cp_prune_option auto, not ${how}`;
    case 'cp_uniform_preserve_ratio':
      return how === 'uniform' ? undefined : `it is read with --cp_prune_option uniform, not ${how}`;
    case 'loss_w_dst':
    case 'tempr_dst':
      return flag('enbl_dst') === 'true' ? undefined : 'it is read with --enbl_dst';
    default:
      return undefined;
  }
}

/** Of two flags for the same key the learner's own decides. */
function dropShadowed(entries: readonly Entry[], left: LeftFlag[], { flags }: CommandLine): Entry[] {
  const kept = new Map<string, Entry>();
  for (const entry of entries) {
    const key = entry.path.join('\0');
    const other = kept.get(key);
    const loser = other && learnerOfFlag(entry.flag ?? '') === undefined ? entry : other;
    if (loser !== entry) kept.set(key, entry);
    const winner = kept.get(key)?.flag ?? '';
    if (loser?.flag !== undefined && loser.flag !== winner) {
      const value = flags.get(loser.flag) ?? '';
      left.push({ flag: loser.flag, value, why: 'unread', reason: `\`${winner}\` decides here` });
    }
  }
  return [...kept.values()];
}
