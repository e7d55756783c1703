import { z } from 'zod';

/** A flag of PocketFlow's command line that a key takes the place of. */
export interface ReplacedFlag {
  /** Without dashes: `ws_prune_ratio`. */
  readonly flag: string;
  /**
   * How a value of the flag is written here, where that is not the same: `complement` for 1 - value (a share pruned
   * becomes a share kept), `times` for a multiple of it, `epochs` for a multiple of the epochs that PocketFlow gives the
   * net, `batchRate` for a rate that PocketFlow scales with the batch size, `values` for words that have other names; what `values` does
   * not name is what happens here anyway.
   */
  readonly as:
    | 'complement'
    | 'epochs'
    | 'batchRate'
    | { readonly times: number }
    | { readonly values: Readonly<Record<string, unknown>> };
}

declare module 'zod' {
  /** What a key carries besides its description: `.meta({ replaces: ['ws_prune_ratio_exp'], source: '...' })`. */
  interface GlobalMeta {
    /** PocketFlow's flags that this key replaces. `pocketflow migrate`, hovers and docs read this table, and no other. */
    replaces?: readonly (string | ReplacedFlag)[];
    /** The paper it comes from: authors and year. */
    source?: string;
  }
}

export interface OptionMeta {
  readonly replaces: readonly (Partial<ReplacedFlag> & Pick<ReplacedFlag, 'flag'>)[];
  readonly source?: string;
}

/** What a key's schema carries, at whatever depth of its wrappers. */
export function optionMeta(schema: unknown): OptionMeta {
  for (let inner = schema; inner instanceof z.ZodType; inner = inner.unwrap()) {
    const { replaces = [], source } = inner.meta() ?? {};
    if (replaces.length > 0 || source !== undefined) {
      const flags = replaces.map((entry) => (typeof entry === 'string' ? { flag: entry } : entry));
      return { replaces: flags, ...(source === undefined ? {} : { source }) };
    }
    if (!(inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault)) break;
  }
  return { replaces: [] };
}

/** In a sentence or two of Markdown, for whoever reads the description of a key; undefined where there is nothing. */
export function metaText({ replaces, source }: OptionMeta): string | undefined {
  const flags = replaces.map(({ flag, as }) => `\`${flag}\`${as === undefined ? '' : conversion(as)}`);
  const sentences = [source && `Source: ${source}.`, flags.length > 0 && `Replaces ${flags.join(', ')}.`];
  return sentences.filter(Boolean).join(' ') || undefined;
}

function conversion(as: ReplacedFlag['as']): string {
  if (as === 'complement') return ' (the share removed)';
  if (as === 'epochs') return ' (times the epochs of its net)';
  if (as === 'batchRate') return ' (scaled with the batch size)';
  if ('times' in as) return ` (times ${as.times})`;
  const words = Object.entries(as.values).map(([theirs, ours]) => `${theirs}: ${JSON.stringify(ours)}`);
  return ` (${words.join(', ')})`;
}
