import { z } from 'zod';
import type { DiagnosticCode } from '../config/diagnostic-codes';
import { learners } from '../config/learners';
import type { ConfigPath } from '../config/problem';
import { checkRules } from '../config/rules';
import { configSchema, type ParsedConfig } from '../config/schema';
import { learnerOf, stagesOf } from '../config/stages';
import type { ConfigDocument } from './document';
import { mapsAt } from './schema';
import { samplesOf, type Sample } from './sample';

/**
 * Tries values out: whether a config would be any worse with them. So what completions offer is decided by the same
 * rules as what diagnostics find, and never by a second list.
 */
export class WhatIf {
  private readonly sound: unknown;
  private readonly before: readonly DiagnosticCode[];

  /** @param path Where values are going to be tried. */
  constructor(
    private readonly document: ConfigDocument,
    private readonly path: ConfigPath,
  ) {
    const { config, problems } = document.check;
    // What is right need not be mended, nor be thrown out with what can't do without the value at the path.
    this.sound = config ? without(essence(document, path), path) : soundWithout(document, path);
    this.before = config ? problems.map(({ code }) => code) : (findings(this.sound) ?? []);
  }

  fits(value: Sample): boolean {
    const after = this.after(value);
    // One fault in the place of another is none the better.
    return (
      after !== undefined && after.length <= this.before.length && after.every((code) => this.before.includes(code))
    );
  }

  /** The one of `samples` that leaves least to be mended. */
  best(samples: readonly Sample[]): Sample | undefined {
    const rated = samples.map((sample) => ({ sample, faults: this.after(sample)?.length ?? Infinity }));
    const least = Math.min(...rated.map(({ faults }) => faults));
    return least > this.before.length ? undefined : rated.find(({ faults }) => faults === least)?.sample;
  }

  private after(value: Sample): readonly DiagnosticCode[] | undefined {
    return findings(placed(this.sound, this.path, value, (home) => this.frame(home)));
  }

  /** The map at `home` with what it can't do without, for one that the document has not, or not yet in full. */
  private frame(home: ConfigPath): Record<string, unknown> {
    const key = String(this.path[home.length]);
    const schema = mapsAt(this.document, home).find(({ shape }) => Object.hasOwn(shape, key));
    if (!schema) return {};
    const required = Object.entries(schema.shape as Record<string, z.ZodType>)
      .filter(([name, field]) => name !== key && !z.safeParse(field, undefined).success)
      .map(([name, field]) => [name, samplesOf(field, name)[0] ?? null] as const);
    return Object.fromEntries(required);
  }
}

/** Whether a config would be no worse if the key at the end of `path` were another. */
export function canBeRenamed(document: ConfigDocument, path: ConfigPath, key: string): boolean {
  const home = path.slice(0, -1);
  const value = document.plain(document.nodeAt(path));
  const { config, problems } = document.check;
  const rest = config ? without(essence(document, path), path) : soundWithout(document, path);
  const after = findings(value === null ? rest : placed(rest, [...home, key], value, () => ({})));
  return after !== undefined && after.length <= (config ? problems : (findings(rest) ?? [])).length;
}

/** The config as far as it is right, for what its model is; undefined where it names none. */
export function soundConfig(document: ConfigDocument): ParsedConfig | undefined {
  if (!document.nodeAt(['model'])) return undefined;
  const parsed = configSchema.safeParse(repaired(essence(document, [])));
  return parsed.success ? parsed.data : undefined;
}

/** The config as far as it is right, without what is at `path`. */
export function soundWithout(document: ConfigDocument, path: ConfigPath): unknown {
  if (path[0] === 'layers' || document.nodeAt(path) || document.pairAt(path)) {
    return repaired(without(essence(document, path), path));
  }
  // Without what is not there: the same for every such path.
  const known = soundParts.get(document) ?? repaired(essence(document, []));
  soundParts.set(document, known);
  return known;
}
const soundParts = new WeakMap<ConfigDocument, Record<string, unknown>>();

/** The rules that a config breaks; undefined when the schema doesn't take it. */
function findings(value: unknown): readonly DiagnosticCode[] | undefined {
  const parsed = configSchema.safeParse(value);
  return parsed.success ? checkRules(parsed.data).map(({ code }) => code) : undefined;
}

/** The config without what has no bearing on `path`: hundreds of layers need not be checked to know of one. */
function essence(document: ConfigDocument, path: ConfigPath): unknown {
  const value = document.plain(document.root);
  if (!isRecord(value) || !isRecord(value['layers'])) return value;
  const { layers, ...rest } = value;
  const name = path[0] === 'layers' ? path[1] : undefined;
  const kept = Object.entries(layers).filter(([key], i) => i < FEW || key === String(name));
  return { ...rest, layers: Object.fromEntries(kept) };
}
const FEW = 4;

/** As much of `value` as the schema takes, with what it can't do without. */
function repaired(value: unknown): Record<string, unknown> {
  let config: Record<string, unknown> = isRecord(value) ? value : {};
  for (let round = 0; round < ROUNDS; round++) {
    const parsed = configSchema.safeParse(config);
    if (parsed.success) return withSoundOptions(config, parsed.data);
    for (const issue of parsed.error.issues) {
      const path = issue.path.filter((segment) => typeof segment !== 'symbol');
      const faults = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
      for (const fault of faults)
        config = fault.length === 0 ? {} : (without(config, fault) as Record<string, unknown>);
    }
    for (const [key, filling] of fillings) if (config[key] === undefined) config = { ...config, [key]: filling };
  }
  return Object.fromEntries(fillings);
}
/** `config` without the options that the stage's learner doesn't take, which its own schema tells. */
function withSoundOptions(config: Record<string, unknown>, parsed: ParsedConfig): Record<string, unknown> {
  return stagesOf(parsed).reduce((sound, { stage, path }) => {
    const schema: z.ZodObject = learners[learnerOf(stage)].options;
    const checked = schema.safeParse(stage.options ?? {});
    if (checked.success) return sound;
    const keys = checked.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys : issue.path.slice(0, 1).map(String),
    );
    // A rule over several options names none of them.
    const faults = keys.length > 0 ? keys.map((key) => [...path, 'options', key]) : [[...path, 'options']];
    return faults.reduce<Record<string, unknown>>(
      (value, fault) => without(value, fault) as Record<string, unknown>,
      sound,
    );
  }, config);
}

/** Each round takes what is wrong one level further out. */
const ROUNDS = 6;

const fillings: readonly (readonly [string, Sample])[] = Object.entries(configSchema.shape as Record<string, z.ZodType>)
  .filter(([, field]) => !z.safeParse(field, undefined).success)
  .map(([key, field]) => [key, samplesOf(field, key)[0] ?? null]);

/** `value` without what is at `path`. */
function without(value: unknown, [segment, ...rest]: ConfigPath): unknown {
  if (segment === undefined) return undefined;
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.filter((_, index) => index !== segment);
    return value.map((item: unknown, index) => (index === segment ? without(item, rest) : item));
  }
  if (!isRecord(value) || !Object.hasOwn(value, segment)) return value;
  const { [segment]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...others, [segment]: without(inner, rest) };
}

/** `value` with `placing` at `path`; maps on the way that are not there are made by `frame`. */
function placed(
  value: unknown,
  path: ConfigPath,
  placing: unknown,
  frame: (home: ConfigPath) => Record<string, unknown>,
  depth = 0,
): unknown {
  const segment = path[depth];
  if (segment === undefined) return placing;
  if (typeof segment === 'number') {
    const items: unknown[] = Array.isArray(value) ? [...(value as unknown[])] : [];
    const at = Math.min(segment, items.length);
    const old = depth === path.length - 1 ? undefined : items[at];
    items.splice(at, old === undefined ? 0 : 1, placed(old, path, placing, frame, depth + 1));
    return items;
  }
  const home = isRecord(value) ? value : frame(path.slice(0, depth));
  return { ...home, [segment]: placed(home[segment], path, placing, frame, depth + 1) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
