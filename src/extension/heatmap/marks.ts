import { matchesLayer } from '../../config/layer-patterns';
import type { LayerLines } from '../../language/layer-lines';
import { code } from '../../language/markdown';
import type { LayerFact } from '../../runs/events';
import { layerMetrics, meanLeft, type LayerMetricId } from '../../runs/layer-metrics';
import { count, share } from '../../runs/units';
import { bar, skyline } from './bars';
import { levelOf } from '../../runs/palette';

/** What the heatmap shows at one line. */
export interface Mark {
  /** From 0. */
  readonly line: number;
  readonly level: number;
  /** Stands behind the line's end. */
  readonly text: string;
  /** Markdown. */
  readonly hover: string;
}

export interface Heat {
  readonly marks: readonly Mark[];
  /** Of all layers; tints nothing. */
  readonly summary: Mark | undefined;
}

/** More lines than a person looks at; each costs the editor something at every redraw. */
const MAX_MARKS = 400;
const MAX_ROWS = 12;

/** What to show of a run's layers beside the lines of its config. */
export function heatOf({ lines, summary }: LayerLines, facts: readonly LayerFact[], metric: LayerMetricId): Heat {
  const named = new Set<LayerFact>();
  const marks = lines.slice(0, MAX_MARKS).flatMap(({ line, patterns }) => {
    const meant = facts.filter(({ name }) => patterns.some((pattern) => matchesLayer(pattern, name)));
    for (const fact of meant) named.add(fact);
    const left = meanLeft(meant, metric);
    if (left === undefined) return [];
    return [{ line, level: levelOf(left), text: lineText(meant, left, metric), hover: layerTable(meant, metric) }];
  });
  const rest = facts.filter((fact) => !named.has(fact));
  return { marks, summary: summary === undefined ? undefined : summaryMark(summary, facts, rest, metric) };
}

function lineText(meant: readonly LayerFact[], left: number, metric: LayerMetricId): string {
  const [first] = meant;
  if (first && meant.length === 1) return `${bar(left)} ${percent(left)}: ${layerMetrics[metric].text(first)}`;
  const shares = meant.map(layerMetrics[metric].left).filter((value) => value !== undefined);
  const range = `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`;
  return `${bar(left)} ${percent(left)}: ${layerMetrics[metric].title}, ${meant.length} layers, ${range}`;
}

function summaryMark(
  line: number,
  facts: readonly LayerFact[],
  rest: readonly LayerFact[],
  metric: LayerMetricId,
): Mark | undefined {
  const left = meanLeft(facts, metric);
  if (left === undefined) return undefined;
  const shares = facts.map((fact) => layerMetrics[metric].left(fact) ?? 1);
  const others = rest.length < facts.length && rest.length > 0 ? `, ${rest.length} without a line` : '';
  const text = `${skyline(shares)} ${facts.length} layers${others}: ${kept(facts, 'flops')} of the FLOPs left, ${kept(facts, 'params')} of the parameters`;
  return { line, level: levelOf(left), text, hover: layerTable(rest.length > 0 ? rest : facts, metric) };
}

function kept(facts: readonly LayerFact[], key: 'flops' | 'params'): string {
  const [before, after] = [0, 1].map((at) => facts.reduce((sum, fact) => sum + (fact[key][at] ?? 0), 0));
  return before && after !== undefined ? percent(after / before) : share(undefined);
}

/** The layers as a Markdown table, those with most weights first. */
function layerTable(facts: readonly LayerFact[], metric: LayerMetricId): string {
  const largest = [...facts].sort((a, b) => b.params[0] - a.params[0]).slice(0, MAX_ROWS);
  const shown = facts.filter((fact) => largest.includes(fact));
  const rows = shown.map(
    (fact) =>
      `| ${code(fact.name)} | ${layerMetrics[metric].text(fact)} | ${change(fact.flops)} | ${change(fact.params)} | ${share(fact.sparsity)} |`,
  );
  const more = facts.length > shown.length ? [`\nand ${facts.length - shown.length} smaller layers`] : [];
  return ['| Layer | | FLOPs | Parameters | Zeros |', '|:--|:--|:--|:--|--:|', ...rows, ...more].join('\n');
}

function change([before, after]: readonly [number, number]): string {
  return before === after ? count(before) : `${count(before)} → ${count(after)}`;
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}
