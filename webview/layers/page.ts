import { html, nothing, type TemplateResult } from 'lit-html';
import type { FromLayersPanel, LayersView, OverrideKey } from '../../src/protocol/webview-layers';
import { layerMetricIds, layerMetrics, type LayerMetricId } from '../../src/runs/layer-metrics';
import { count } from '../../src/runs/units';
import { badge, button, choice, textField } from '../shared/controls';
import { statusWords } from '../shared/status-words';
import type { BarChange } from './layer-bar';
import './layer-bar';
import { chosenRows, type LayerRow, type Sort, type SortKey } from './rows';

/** What the user has chosen in the panel. */
export interface Choices {
  readonly metric: LayerMetricId;
  readonly filter: string;
  readonly sort: Sort;
}

export interface PageModel {
  readonly view: LayersView;
  readonly choices: Choices;
  /** Layers that the config's cursor is on. */
  readonly selected: ReadonlySet<string>;
  readonly send: (message: FromLayersPanel) => void;
  readonly choose: (choices: Partial<Choices>) => void;
}

/** The key that a metric's bar writes, and how a share that is left is said with it. */
const keys: Partial<Record<LayerMetricId, OverrideKey>> = { kept: 'keep', sparsity: 'sparsity' };
const sayLeft = (key: OverrideKey, left: number): number => (key === 'keep' ? left : Number((1 - left).toFixed(2)));

/** All of the layer panel. */
export function page(model: PageModel): TemplateResult {
  const { view, choices, send, choose } = model;
  const rows = chosenRows(view.layers, choices.filter, choices.sort, ({ fact }) =>
    layerMetrics[choices.metric].left(fact),
  );
  const key = keys[choices.metric];
  const editable = key !== undefined && view.writable.includes(key);
  return html`<header>
      <div class="title">
        <h1>${view.title}</h1>
        ${badge(statusWords[view.status])}
        <span class="actions">${button({ label: 'Show Result', onClick: () => send({ type: 'showResult' }) })}</span>
      </div>
      <div class="tools">
        ${choice({
          label: 'Bars',
          value: choices.metric,
          options: layerMetricIds.map((id) => ({ value: id, label: metricWords[id] })),
          onChange: (metric) => choose({ metric }),
        })}
        ${textField({
          label: 'Filter by name or kind',
          value: choices.filter,
          onInput: (filter) => choose({ filter }),
        })}
        <span class="muted" role="status">${rows.length} of ${view.layers.length} layers</span>
      </div>
      ${
        editable
          ? html`<p class="muted">
              Drag a bar, or move it with the arrow keys, to write <code>${key}</code> for that layer into the config;
              Delete takes it out.
            </p>`
          : nothing
      }
    </header>
    ${view.layers.length === 0 ? html`<p>The run has not got to its layers yet.</p>` : table(model, rows, editable)}`;
}

const metricWords: Readonly<Record<LayerMetricId, string>> = {
  kept: 'Channels kept',
  sparsity: 'Weights that are not zero',
  bits: 'Bits of a weight',
};

const columns: readonly { readonly key: SortKey; readonly title: string; readonly text?: boolean }[] = [
  { key: 'name', title: 'Layer', text: true },
  { key: 'left', title: 'Left', text: true },
  { key: 'flops', title: 'FLOPs' },
  { key: 'params', title: 'Parameters' },
];

function table(model: PageModel, rows: readonly LayerRow[], editable: boolean): TemplateResult {
  const { sort } = model.choices;
  const largest = (key: 'flops' | 'params'): number =>
    Math.max(1, ...model.view.layers.map(({ fact }) => fact[key][0]));
  const scale = { flops: largest('flops'), params: largest('params') };
  return html`<div class="scroll">
    <table class="layers" aria-label="Layers">
      <thead>
        <tr>
          ${columns.map(
            ({ key, title, text }) =>
              html`<th
                scope="col"
                class=${text ? 'text' : nothing}
                aria-sort=${sort.key === key ? (sort.descending ? 'descending' : 'ascending') : nothing}
              >
                <button class="link" @click=${() => model.choose({ sort: nextSort(sort, key) })}>
                  ${title}<span aria-hidden="true">${sort.key === key ? (sort.descending ? ' ▾' : ' ▴') : ''}</span>
                </button>
              </th>`,
          )}
        </tr>
      </thead>
      <tbody @keydown=${moveBetweenRows}>
        ${rows.map((row) => layerRow(model, row, editable, scale))}
      </tbody>
    </table>
  </div>`;
}

/** Up, down, and then back to the order of the model. */
function nextSort(sort: Sort, key: SortKey): Sort {
  if (sort.key !== key) return { key, descending: key !== 'name' };
  return sort.descending === (key !== 'name')
    ? { key, descending: !sort.descending }
    : { key: 'model', descending: false };
}

function layerRow(
  { choices: { metric }, selected, send }: PageModel,
  { fact, override }: LayerRow,
  editable: boolean,
  scale: { readonly flops: number; readonly params: number },
): TemplateResult {
  const { name } = fact;
  const key = keys[metric];
  const asked = key && override?.[key];
  const wish = key && asked !== undefined ? sayLeft(key, asked) : undefined;
  const movable = editable && override?.skip !== true;
  return html`<tr class=${selected.has(name) ? 'selected' : ''}>
    <th scope="row">
      <button
        class="link name"
        title="Show the line of the config that decides for it"
        @click=${() => send({ type: 'reveal', name })}
      >
        ${name}
      </button>
      <div class="muted">${fact.kind}</div>
    </th>
    <td class="text bar">
      <layer-bar
        aria-label=${movable ? `${key} of ${name}` : nothing}
        .left=${layerMetrics[metric].left(fact)}
        .wish=${wish}
        .editable=${movable}
        @change=${({ detail: { value } }: CustomEvent<BarChange>) =>
          key && send({ type: 'override', name, key, value: value === null ? null : sayLeft(key, value) })}
      ></layer-bar>
      <div>${layerMetrics[metric].text(fact)}</div>
      ${override ? html`<div class="muted">config: ${overrideText(override)}</div>` : nothing}
    </td>
    <td>${cost(fact.flops, scale.flops)}</td>
    <td>${cost(fact.params, scale.params)}</td>
  </tr>`;
}

/** Before and after as figures, and as two bars on the scale of the largest layer. */
function cost([before, after]: readonly [number, number], largest: number): TemplateResult {
  const percent = (value: number): string => `${(100 * value) / largest}%`;
  return html`${before === after ? count(before) : `${count(before)} → ${count(after)}`}
    <svg class="cost" aria-hidden="true">
      <rect class="before" width=${percent(before)} height="100%" />
      <rect class="fill" width=${percent(after)} height="100%" />
    </svg>`;
}

function overrideText(override: NonNullable<LayerRow['override']>): string {
  return Object.entries(override)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(', ');
}

/** Arrow keys go from name to name, or from bar to bar. */
function moveBetweenRows(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || !(event.target instanceof HTMLElement)) return;
  const selector = event.target.localName === 'layer-bar' ? 'layer-bar' : 'button.name';
  const all = [...document.querySelectorAll<HTMLElement>(`tbody ${selector}`)];
  const next = all[all.indexOf(event.target) + step];
  if (!next) return;
  next.focus();
  event.preventDefault();
}
