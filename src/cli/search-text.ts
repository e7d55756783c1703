import type { SearchState, TrialState } from '../runs/search-state';
import { percent, share } from '../runs/units';
import type { CliContext } from './context';
import { renderTable } from './table';

/** A search as `runs show` tells it: how far it is, the trials on its Pareto front, and the ratios of the best. */
export function searchText(context: Pick<CliContext, 'colors'>, search: SearchState): string {
  const { started, trials, budget, finished } = search;
  const done = trials.filter(({ result }) => result);
  const failed = done.filter(({ result }) => result?.state === 'failed').length;
  const head = `search   ${started.sampler}, ${done.length} of ${budget} trials${failed > 0 ? `, ${failed} failed` : ''}`;
  const best = finished ? trials.find(({ trial }) => trial === finished.best) : bestOf(done);
  if (!best) return head;
  const front = finished ? finished.front.flatMap((n) => trials.find(({ trial }) => trial === n) ?? []) : [best];
  const rows = [...new Set([...front, best])].map((trial) => trialRow(trial, trial === best));
  const columns = [
    { title: 'trial', align: 'right' },
    { title: 'from' },
    { title: 'accuracy', align: 'right' },
    { title: 'all of validation', align: 'right' },
    { title: 'FLOPs', align: 'right' },
    { title: 'sparsity', align: 'right' },
    { title: '' },
  ] as const;
  const ratios = started.space.map(({ name }, i) => [name, String(valueText(best.decision[i]))]);
  return [
    head,
    renderTable(context, columns, rows),
    '',
    renderTable(context, [{ title: 'layer' }, { title: `ratio of trial ${best.trial}`, align: 'right' }], ratios),
  ].join('\n');
}

function bestOf(trials: readonly TrialState[]): TrialState | undefined {
  const accuracy = ({ result }: TrialState): number => result?.accuracy ?? -Infinity;
  return trials.filter(({ result }) => result?.accuracy !== undefined).sort((a, b) => accuracy(b) - accuracy(a))[0];
}

function trialRow({ trial, origin, result, confirmed }: TrialState, isBest: boolean): string[] {
  const { accuracy, standardError, cost } = result ?? {};
  const scored = (value: number | undefined, error = 0): string =>
    value === undefined ? '' : `${percent(value)} ± ${error.toFixed(2)}`;
  return [
    String(trial),
    origin,
    scored(accuracy, standardError),
    scored(confirmed?.accuracy, confirmed?.standardError),
    cost?.flops === undefined ? '' : `${(cost.flops / 1e6).toFixed(2)} M`,
    cost?.sparsity === undefined ? '' : share(cost.sparsity),
    isBest ? 'best' : '',
  ];
}

function valueText(value: TrialState['decision'][number] | undefined): string {
  return typeof value === 'number' ? String(Number(value.toFixed(4))) : String(value ?? '');
}
