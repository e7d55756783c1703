import type { LayersView } from '../../src/protocol/webview-layers';

export type LayerRow = LayersView['layers'][number];
export type SortKey = 'model' | 'name' | 'left' | 'flops' | 'params';

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The rows whose name or kind holds every word of `filter`, in the order asked for. */
export function chosenRows(
  rows: readonly LayerRow[],
  filter: string,
  { key, descending }: Sort,
  left: (row: LayerRow) => number | undefined,
): readonly LayerRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter(({ fact }) => {
    const text = `${fact.name} ${fact.kind}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const order: Readonly<Record<SortKey, (a: LayerRow, b: LayerRow) => number>> = {
    model: () => 0,
    name: (a, b) => a.fact.name.localeCompare(b.fact.name, undefined, { numeric: true }),
    left: (a, b) => (left(a) ?? 1) - (left(b) ?? 1),
    flops: (a, b) => a.fact.flops[0] - b.fact.flops[0],
    params: (a, b) => a.fact.params[0] - b.fact.params[0],
  };
  if (key === 'model') return descending ? found.reverse() : found;
  return found.sort((a, b) => (descending ? -1 : 1) * order[key](a, b));
}
