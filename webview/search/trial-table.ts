import { html, nothing, type TemplateResult } from 'lit-html';
import type { TrialView } from '../../src/protocol/webview-search';
import { duration, percent } from '../../src/runs/units';
import { button, textField } from '../shared/controls';
import { costWords } from './charts';
import { stateWords } from './details';
import type { PageModel } from './page';
import { chosenTrials, type TrialSort } from './trials';

const columns: readonly { readonly key: TrialSort; readonly title: string }[] = [
  { key: 'trial', title: 'Trial' },
  { key: 'reward', title: 'Reward' },
  { key: 'accuracy', title: 'Accuracy' },
];

/** The trials as a table: the first of those that are asked for, and more on demand. */
export function trialTable(model: PageModel): TemplateResult {
  const { digest, choices, rows, choose, showMore } = model;
  const cost = digest.costs.includes(choices.cost) ? choices.cost : (digest.costs[0] ?? choices.cost);
  const trials = chosenTrials(digest, choices.filter, choices.sort, cost);
  const sortable = [...columns, { key: 'cost' as const, title: costWords[cost].title }];
  return html`<section>
    <h2 id="trials">Trials</h2>
    <div class="tools">
      ${textField({
        label: 'Filter by origin or state, or: front',
        value: choices.filter,
        onInput: (filter) => choose({ filter }),
      })}
      <span class="muted" role="status">${trials.length} of ${digest.all.length} trials</span>
    </div>
    <div class="scroll">
      <table aria-labelledby="trials">
        <thead>
          <tr>
            ${sortable.map(({ key, title }) => sortHeader(model, key, title))}
            <th scope="col" class="text">State</th>
            <th scope="col" class="text">Origin</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          ${trials.slice(0, rows).map((trial) => row(model, trial, cost))}
        </tbody>
      </table>
    </div>
    ${trials.length > rows ? button({ label: `Show more of ${trials.length - rows}`, onClick: showMore }) : nothing}
  </section>`;
}

function sortHeader({ choices: { sort }, choose }: PageModel, key: TrialSort, title: string): TemplateResult {
  const sorted = sort.key === key;
  const descending = sorted ? !sort.descending : key !== 'cost';
  return html`<th scope="col" aria-sort=${sorted ? (sort.descending ? 'descending' : 'ascending') : nothing}>
    <button class="link" @click=${() => choose({ sort: { key, descending } })}>
      ${title}<span aria-hidden="true">${sorted ? (sort.descending ? ' ▾' : ' ▴') : ''}</span>
    </button>
  </th>`;
}

function row({ view, choices, choose }: PageModel, trial: TrialView, cost: keyof typeof costWords): TemplateResult {
  const { trial: number, state, origin, reward, accuracy, seconds } = trial;
  return html`<tr class=${number === choices.picked ? 'selected' : ''}>
    <th scope="row">
      <button class="link name" title="Show what it has decided" @click=${() => choose({ picked: number })}>
        ${number}${number === view.chosen ? ' ★' : ''}
      </button>
    </th>
    <td>${reward === undefined ? '–' : reward.toFixed(4)}</td>
    <td>${percent(accuracy)}</td>
    <td>${costWords[cost].format(trial.cost[cost])}</td>
    <td class="text">${stateWords[state]}</td>
    <td class="text muted">${origin}</td>
    <td>${seconds === undefined ? '–' : duration(seconds)}</td>
  </tr>`;
}
