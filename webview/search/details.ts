import { html, nothing, type TemplateResult } from 'lit-html';
import type { SearchView, TrialView } from '../../src/protocol/webview-search';
import { duration, percent } from '../../src/runs/units';
import { button } from '../shared/controls';
import { shareBar } from '../shared/share-bar';
import { costWords } from './charts';
import { positionIn } from './decision-strip';
import type { PageModel } from './page';

export const stateWords: Readonly<Record<TrialView['state'], string>> = {
  running: 'running',
  complete: 'complete',
  pruned: 'given up',
  failed: 'failed',
};

/** The trial that was clicked: what it came to, and what it decided for each layer. */
export function details({ view, digest, choices, choose }: PageModel): TemplateResult | typeof nothing {
  const trial = digest.all.find(({ trial: number }) => number === choices.picked);
  if (!trial) return nothing;
  const facts = [
    `${stateWords[trial.state]}, from ${trial.origin}`,
    ...(trial.reward === undefined ? [] : [`reward ${trial.reward.toFixed(4)}`]),
    ...(trial.accuracy === undefined ? [] : [accuracyText(trial)]),
    ...digest.costs.flatMap((key) =>
      trial.cost[key] === undefined ? [] : [`${costWords[key].title} ${costWords[key].format(trial.cost[key])}`],
    ),
    ...(trial.seconds === undefined ? [] : [duration(trial.seconds)]),
  ];
  return html`<section class="details">
    <div class="title">
      <h2 id="picked">Trial ${trial.trial}${trial.trial === view.chosen ? ': the run goes on with it' : ''}</h2>
      <span class="actions">${button({ label: 'Close', onClick: () => choose({ picked: undefined }) })}</span>
    </div>
    <p>${facts.join(' · ')}</p>
    ${trial.message ? html`<p class="notice">${trial.message}</p>` : nothing}
    <div class="scroll">
      <table aria-labelledby="picked">
        <thead>
          <tr>
            <th scope="col">Decision</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          ${view.space.map((dimension, at) => decisionRow(dimension, trial.decision[at]))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function accuracyText({ accuracy, standardError, confirmed }: TrialView): string {
  const error = standardError === undefined ? '' : ` ± ${standardError.toFixed(2)}`;
  return `accuracy ${percent(accuracy)}${error}${confirmed ? ', confirmed on all validation samples' : ''}`;
}

function decisionRow(
  dimension: SearchView['space'][number],
  value: TrialView['decision'][number] | undefined,
): TemplateResult {
  const position = positionIn(dimension, value);
  const text =
    value === null || value === undefined
      ? 'left out'
      : typeof value === 'number' && dimension.kind === 'float'
        ? value.toPrecision(3)
        : String(value);
  return html`<tr>
    <th scope="row">${dimension.name}</th>
    <td>${text}${position === undefined ? nothing : shareBar(position)}</td>
  </tr>`;
}
