import picomatch from 'picomatch';
import type { LayerRule } from './plan';

/** Settings of one layer, from all the rules that match its name. */
export type LayerSettings = Omit<LayerRule, 'pattern'>;

/**
 * What `rules` say about the layer `name`. In a pattern `*` stands for any characters of one part of a name, where `/`
 * divides parts, `?` for one character, and `**` between slashes for any number of parts. Where several rules match, later
 * ones win, field by field.
 */
export function ruleFor(rules: readonly LayerRule[], name: string): LayerSettings {
  return rules
    .filter(({ pattern }) => matchesLayer(pattern, name))
    .reduce<LayerSettings>((merged, { pattern: _, ...settings }) => ({ ...merged, ...settings }), {});
}

/** Patterns that match none of `names`: probably mistyped. */
export function unmatchedPatterns(rules: readonly LayerRule[], names: readonly string[]): string[] {
  return rules.map(({ pattern }) => pattern).filter((pattern) => !names.some((name) => matchesLayer(pattern, name)));
}

/** Whether a pattern stands for the layer `name`. */
export function matchesLayer(pattern: string, name: string): boolean {
  if (name === pattern) return true;
  return pattern !== '' && !PLAIN.test(pattern) && pattern.length <= MAX_PATTERN && matcher(pattern)(name);
}

/** Those of `names` that a pattern stands for. */
export function matchingLayers(pattern: string, names: ReadonlySet<string>): string[] {
  if (PLAIN.test(pattern)) return names.has(pattern) ? [pattern] : [];
  return [...names].filter((name) => matchesLayer(pattern, name));
}

/** What can stand for nothing but itself. */
const PLAIN = /^\w(?:[\w./-]*\w)?$/;

type Matcher = (name: string) => boolean;

/** Compiling a pattern takes longer than hundreds of matches. */
const matchers = new Map<string, Matcher>();
const MAX_MATCHERS = 5000;
/** Longer ones than any name, which could take long to match. */
const MAX_PATTERN = 1000;

function matcher(pattern: string): Matcher {
  const known = matchers.get(pattern);
  if (known) return known;
  // Layer names are no paths: a leading dot means nothing, and brackets may be part of a name.
  const made = picomatch(pattern, { dot: true, nobracket: true });
  if (matchers.size >= MAX_MATCHERS) matchers.clear();
  matchers.set(pattern, made);
  return made;
}
