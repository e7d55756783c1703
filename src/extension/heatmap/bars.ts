/** Bars made of characters, since text is all that can stand behind a line of an editor. */

const WIDTH = 8;
const columns = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const MAX_COLUMNS = 24;

/** A bar for a share in [0, 1]. */
export function bar(share: number): string {
  const full = Math.min(WIDTH, Math.max(share > 0 ? 1 : 0, Math.round(share * WIDTH)));
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
}

/** Shares as columns side by side; of many, means of neighbours. */
export function skyline(shares: readonly number[]): string {
  const width = Math.min(MAX_COLUMNS, shares.length);
  return Array.from({ length: width }, (_, i) => {
    const group = shares.slice(Math.floor((i * shares.length) / width), Math.floor(((i + 1) * shares.length) / width));
    const mean = group.reduce((sum, value) => sum + value, 0) / group.length;
    return columns[Math.min(columns.length - 1, Math.max(0, Math.round(mean * (columns.length - 1))))];
  }).join('');
}
