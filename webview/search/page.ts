import { html, nothing, type TemplateResult } from 'lit-html';
import type { FromSearchPanel, SearchView, TrialView } from '../../src/protocol/webview-search';
import type { CostKey } from '../../src/runs/trial-front';
import { duration, percent } from '../../src/runs/units';
import { badge, button, choice } from '../shared/controls';
import { statusWords } from '../shared/status-words';
import './chart';
import { costWords, progressContent, scatterContent } from './charts';
import './decision-strip';
import { details } from './details';
import { trialTable } from './trial-table';
import type { Digest, TrialSort } from './trials';

/** What the user has chosen in the panel. */
export interface Choices {
  readonly cost: CostKey;
  readonly filter: string;
  readonly sort: { readonly key: TrialSort; readonly descending: boolean };
  readonly strip: 'trial' | 'reward';
  /** Number of the trial that is looked at. */
  readonly picked?: number | undefined;
}

export interface PageModel {
  readonly view: SearchView;
  readonly digest: Digest;
  readonly choices: Choices;
  /** How many rows of the table are shown. */
  readonly rows: number;
  readonly send: (message: FromSearchPanel) => void;
  readonly choose: (choices: Partial<Choices>) => void;
  readonly showMore: () => void;
}

/** All of the search panel. */
export function page(model: PageModel): TemplateResult {
  const { view, digest } = model;
  return html`${header(model)} ${running(digest)}
  ${digest.ended === 0 ? html`<p>No trial has ended yet.</p>` : charts(model)} ${details(model)}
  ${view.space.length > 0 && digest.ended > 0 ? strip(model) : nothing} ${trialTable(model)}`;
}

function header({ view, digest, send }: PageModel): TemplateResult {
  const state = view.status === 'running' && view.paused ? 'Paused' : statusWords[view.status];
  const figures = [
    `${digest.ended} of ${view.budget} trials`,
    ...(digest.running.length > 0 ? [`${digest.running.length} running`] : []),
    ...(view.eta === undefined ? [] : [`about ${duration(view.eta)} left`]),
  ];
  return html`<header>
    <div class="title">
      <h1>${view.title}</h1>
      ${badge(state)}
      <span class="actions">
        ${button({ label: 'Show Result', onClick: () => send({ type: 'showResult' }) })}
        ${button({ label: 'Open Config', onClick: () => send({ type: 'openConfig' }) })}
      </span>
    </div>
    <p role="status"><strong>${figures.join(' · ')}</strong></p>
    <progress aria-label="Trials that have ended" max=${Math.max(1, view.budget)} value=${digest.ended}></progress>
    <p class="muted">${view.sampler}: ${view.objective}</p>
    ${view.words ? html`<p>${view.words}</p>` : nothing}
    ${
      view.stages.length > 1
        ? choice({
            label: 'Stage',
            value: String(view.stage),
            options: view.stages.map((stage) => ({ value: String(stage), label: `Stage ${stage + 1}` })),
            onChange: (stage) => send({ type: 'showStage', stage: Number(stage) }),
          })
        : nothing
    }
  </header>`;
}

function running({ running: trials }: Digest): TemplateResult | typeof nothing {
  if (trials.length === 0) return nothing;
  return html`<section>
    <h2 id="running">Running</h2>
    <ul class="running" aria-labelledby="running">
      ${trials.map(
        ({ trial, origin, progress }) =>
          html`<li>
            <span id="running-${trial}">Trial ${trial} <span class="muted">${origin}</span></span>
            <progress aria-labelledby="running-${trial}" max="1" value=${progress ?? nothing}></progress>
            <span class="muted">${progress === undefined ? '' : `${Math.floor(100 * progress)} %`}</span>
          </li>`,
      )}
    </ul>
  </section>`;
}

function charts({ digest, choices, choose }: PageModel): TemplateResult {
  const pick = ({ detail }: CustomEvent<number>): void => choose({ picked: detail });
  const { best, front, costs, ended } = digest;
  const cost = costs.includes(choices.cost) ? choices.cost : costs[0];
  const bestText = best ? `; the best is trial ${best.trial} with ${words(best)}` : '';
  return html`<section>
      <h2>Reward</h2>
      <trial-chart
        role="img"
        aria-label=${`Reward of ${ended} trials and the best so far${bestText}`}
        .content=${progressContent(digest)}
        @pick=${pick}
      ></trial-chart>
    </section>
    ${
      cost === undefined
        ? nothing
        : html`<section>
            <h2>Accuracy and cost</h2>
            ${
              costs.length > 1
                ? choice({
                    label: 'Cost',
                    value: cost,
                    options: costs.map((key) => ({ value: key, label: costWords[key].title })),
                    onChange: (key) => choose({ cost: key }),
                  })
                : nothing
            }
            <trial-chart
              role="img"
              aria-label=${`Accuracy by ${costWords[cost].title} of ${ended} trials; ${front.length} of them are beaten by no other in both`}
              .content=${scatterContent(digest, cost)}
              @pick=${pick}
            ></trial-chart>
            <p class="muted">Click a trial to see what it has decided; drag to zoom, double-click to see all.</p>
          </section>`
    }`;
}

function words({ reward, accuracy }: TrialView): string {
  return [
    ...(reward === undefined ? [] : [`reward ${reward.toFixed(4)}`]),
    ...(accuracy === undefined ? [] : [`accuracy ${percent(accuracy)}`]),
  ].join(', ');
}

function strip({ view, digest, choices, choose }: PageModel): TemplateResult {
  const ended = digest.all.filter(({ state }) => state !== 'running');
  const trials =
    choices.strip === 'trial'
      ? ended
      : ended.sort((a, b) => (b.reward ?? -Infinity) - (a.reward ?? -Infinity) || a.trial - b.trial);
  return html`<section>
    <h2>Decisions</h2>
    ${choice({
      label: 'From left to right',
      value: choices.strip,
      options: [
        { value: 'trial', label: 'In the order of trials' },
        { value: 'reward', label: 'Best reward first' },
      ],
      onChange: (order) => choose({ strip: order }),
    })}
    <div class="strip">
      <ol aria-hidden="true">
        ${view.space.slice(0, MAX_NAMES).map(({ name }) => html`<li>${name}</li>`)}
      </ol>
      <decision-strip
        role="img"
        aria-label=${`What each trial has decided for ${view.space.length} dimensions; the table of trials lists it for the one that is picked`}
        .content=${{ space: view.space, trials }}
        @pick=${({ detail }: CustomEvent<number>) => choose({ picked: detail })}
      ></decision-strip>
    </div>
  </section>`;
}

/** With more dimensions than these, rows are lower than a line of text. */
const MAX_NAMES = 40;
