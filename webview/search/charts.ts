import uPlot, { type Axis, type Options, type Series } from 'uplot';
import { bytes, count, milliseconds, share } from '../../src/runs/units';
import type { CostKey } from '../../src/runs/trial-front';
import { themeColor } from '../shared/theme';
import type { ChartContent } from './chart';
import type { Digest } from './trials';

export const costWords: Readonly<
  Record<CostKey, { readonly title: string; readonly format: (value?: number) => string }>
> = {
  flops: { title: 'FLOPs', format: count },
  params: { title: 'Parameters', format: count },
  bytes: { title: 'Bytes', format: bytes },
  sparsity: { title: 'Sparsity', format: share },
  bits: { title: 'Bits of a weight', format: (value) => (value === undefined ? share(value) : value.toFixed(2)) },
  latencyMs: { title: 'Latency', format: milliseconds },
};

/** Made once for each digest: a click must not cost as much as a new trial. */
const made = new WeakMap<Digest, Map<string, ChartContent>>();

function once(digest: Digest, name: string, make: () => ChartContent): ChartContent {
  const contents = made.get(digest) ?? new Map<string, ChartContent>();
  made.set(digest, contents);
  const content = contents.get(name) ?? make();
  contents.set(name, content);
  return content;
}

/** How the reward has grown: each trial, and the best up to it. */
export function progressContent(digest: Digest): ChartContent {
  return once(digest, 'progress', () => makeProgress(digest));
}

/** Every trial by cost and accuracy, those that no other beats, and the one with the best reward. */
export function scatterContent(digest: Digest, cost: CostKey): ChartContent {
  return once(digest, cost, () => makeScatter(digest, cost));
}

function makeProgress({ all }: Digest): ChartContent {
  const rated = all.filter(({ reward }) => reward !== undefined);
  let best = -Infinity;
  const bests = rated.map(({ reward, state }) => {
    if (state === 'complete') best = Math.max(best, reward ?? -Infinity);
    return best === -Infinity ? null : best;
  });
  return {
    data: [rated.map(({ trial }) => trial), rated.map(({ reward }) => reward ?? null), bests],
    trials: rated.map(({ trial }) => trial),
    options: progressOptions,
  };
}

function progressOptions(): Omit<Options, 'width' | 'height'> {
  return {
    legend: { live: true },
    scales: { x: { time: false } },
    axes: [axis({ label: 'Trial', labelSize: 20 }), axis({ size: 60 })],
    series: [
      { label: 'Trial' },
      dots('Reward', '--vscode-charts-blue', 4),
      {
        label: 'Best so far',
        stroke: themeColor('--vscode-charts-orange'),
        width: 2,
        points: { show: false },
        paths: uPlot.paths.stepped?.({ align: 1 }),
      },
    ],
  };
}

function makeScatter({ all, front, best }: Digest, cost: CostKey): ChartContent {
  const shown = all
    .filter(({ accuracy, cost: costs }) => accuracy !== undefined && costs[cost] !== undefined)
    .sort((a, b) => (a.cost[cost] ?? 0) - (b.cost[cost] ?? 0));
  const onFront = new Set(front);
  return {
    data: [
      shown.map(({ cost: costs }) => costs[cost] ?? 0),
      shown.map((trial) => (trial.state === 'complete' ? (trial.accuracy ?? null) : null)),
      shown.map((trial) => (trial.state === 'pruned' ? (trial.accuracy ?? null) : null)),
      shown.map((trial) => (onFront.has(trial) ? (trial.accuracy ?? null) : undefined)),
      shown.map((trial) => (trial === best ? (trial.accuracy ?? null) : null)),
    ],
    trials: shown.map(({ trial }) => trial),
    options: scatterOptions[cost],
  };
}

const scatterOptions = Object.fromEntries(
  (Object.keys(costWords) as CostKey[]).map((cost) => [cost, () => scatterOptionsOf(cost)]),
) as Record<CostKey, () => Omit<Options, 'width' | 'height'>>;

function scatterOptionsOf(cost: CostKey): Omit<Options, 'width' | 'height'> {
  const { title, format } = costWords[cost];
  const percent = (_: unknown, value: number | null | undefined): string =>
    value == null ? '–' : `${value.toFixed(2)} %`;
  const orange = themeColor('--vscode-charts-orange');
  return {
    scales: { x: { time: false } },
    axes: [
      axis({ label: title, labelSize: 20, values: (_, ticks) => ticks.map((tick) => format(tick)), space: 70 }),
      axis({ values: (_, ticks) => ticks.map((tick) => `${tick} %`), size: 60 }),
    ],
    series: [
      { label: title, value: (_, value: number | null) => format(value ?? undefined) },
      { ...dots('Accuracy', '--vscode-charts-blue', 4), value: percent },
      { ...dots('Given up', '--vscode-descriptionForeground', 3), value: percent },
      {
        label: 'Front',
        stroke: orange,
        width: 2,
        spanGaps: true,
        points: { show: true, size: 6, fill: orange },
        value: percent,
      },
      { ...dots('Best reward', '--vscode-charts-green', 12), value: percent },
    ],
  };
}

/** Points without a line. */
function dots(label: string, color: `--vscode-${string}`, size: number): Series {
  const stroke = themeColor(color);
  return { label, stroke, paths: () => null, points: { show: true, size, fill: stroke, stroke } };
}

function axis(more: Axis): Axis {
  const grid = { stroke: themeColor('--vscode-editorIndentGuide-background1'), width: 1 };
  return { stroke: themeColor('--vscode-foreground'), grid, ticks: grid, ...more };
}
