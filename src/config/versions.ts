import type { Finding } from './problem';

/** The version of the format that `schema.ts` describes. */
export const currentVersion = 1;

/** Brings the plain values of a config from one version of the format to the next. */
export type Upgrade = (config: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/**
 * The upgrade at index i leads from version i + 1 to version i + 2; there is only one version as yet. Whoever makes a
 * change that old configs would not survive raises `currentVersion` and adds the way there.
 */
const upgrades: readonly Upgrade[] = [];

export type Upgraded = { readonly value: unknown } | { readonly finding: Finding };

/** `value` in the terms of the present version; a finding when it says that it is of a version unknown here. */
export function upgraded(value: unknown, steps: readonly Upgrade[] = upgrades): Upgraded {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('version' in value)) return { value };
  const current = steps.length + 1;
  const { version } = value;
  // What is no number at all is left to the schema, which says so better.
  if (typeof version !== 'number' || version === current) return { value };
  if (!Number.isInteger(version) || version < 1 || version > current) return { finding: unknown(version, current) };
  const latest = steps.slice(version - 1).reduce<Record<string, unknown>>((config, step) => step(config), { ...value });
  return { value: { ...latest, version: current } };
}

function unknown(version: number, current: number): Finding {
  const advice =
    version > current
      ? `this config is written for a newer PocketFlow: update it, or write \`version: ${current}\``
      : `write \`version: ${current}\``;
  return {
    path: ['version'],
    at: 'value',
    code: 'unknown-version',
    message: `\`version\` can't be ${version}, the latest is ${current}: ${advice}`,
    replacement: String(current),
  };
}
