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
    .filter(({ pattern }) => matches(pattern, name))
    .reduce<LayerSettings>((merged, { pattern: _, ...settings }) => ({ ...merged, ...settings }), {});
}

/** Patterns that match none of `names`: probably mistyped. */
export function unmatchedPatterns(rules: readonly LayerRule[], names: readonly string[]): string[] {
  return rules.map(({ pattern }) => pattern).filter((pattern) => !names.some((name) => matches(pattern, name)));
}

function matches(pattern: string, name: string): boolean {
  // Layer names are no paths: a leading dot means nothing, and brackets may be part of a name.
  return name === pattern || picomatch.isMatch(name, pattern, { dot: true, nobracket: true });
}
