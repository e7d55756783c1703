import { html, nothing, type TemplateResult } from 'lit-html';
import type { FromModelView, InspectedModel, ToModelView } from '../../src/protocol/webview-model';
import { bytes, count, shape, share } from '../../src/runs/units';
import { button, textField } from '../shared/controls';
import { shareBar } from '../shared/share-bar';

export interface PageModel {
  readonly shown: ToModelView;
  readonly filter: string;
  readonly send: (message: FromModelView) => void;
  readonly onFilter: (filter: string) => void;
}

/** All of the view of a model file. */
export function page(model: PageModel): TemplateResult {
  const { shown, send } = model;
  const isText = shown.name.endsWith('.json');
  return html`<header>
      <div class="title">
        <h1>${shown.name}</h1>
        <span class="actions">
          ${
            shown.type === 'model'
              ? button({ label: 'Compress This Model', primary: true, onClick: () => send({ type: 'compress' }) })
              : nothing
          }
          ${isText ? button({ label: 'Open as Text', onClick: () => send({ type: 'openAsText' }) }) : nothing}
        </span>
      </div>
    </header>
    ${
      shown.type === 'failure'
        ? html`<section class="notice error" role="alert">${shown.message}</section>`
        : html`${totals(shown.model)} ${layers(shown.model, model)}`
    }`;
}

function totals({ input, layers: all, total }: InspectedModel): TemplateResult {
  const figures: readonly (readonly [string, string])[] = [
    ['Input', shape(input)],
    ['Layers', String(all.length)],
    ['FLOPs', count(total.flops)],
    ['Parameters', count(total.params)],
    ['Parameters as float32', bytes(total.bytes)],
    ['Parameters that are zero', share(total.sparsity)],
  ];
  return html`<dl class="figures">
    ${figures.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function layers({ layers: all, total }: InspectedModel, { filter, onFilter }: PageModel): TemplateResult {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter(({ name, kind }) => words.every((word) => `${name} ${kind}`.toLowerCase().includes(word)));
  return html`<section>
    <h2 id="layers">Layers</h2>
    <div class="tools">
      ${textField({ label: 'Filter by name or kind', value: filter, onInput: onFilter })}
      <span class="muted" role="status">${found.length} of ${all.length} layers</span>
    </div>
    <div class="scroll">
      <table aria-labelledby="layers">
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col" class="text">Kind</th>
            <th scope="col">Output</th>
            <th scope="col">FLOPs</th>
            <th scope="col">Parameters</th>
            <th scope="col">Zeros</th>
          </tr>
        </thead>
        <tbody>
          ${found.map(
            (layer) =>
              html`<tr>
                <th scope="row">${layer.name}</th>
                <td class="text muted">${layer.kind}</td>
                <td>${shape(layer.shape)}</td>
                <td>${part(layer.flops, total.flops)}</td>
                <td>${part(layer.params, total.params)}</td>
                <td>${share(layer.sparsity)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** A figure with a bar for its part of the whole. */
function part(value: number, whole: number): TemplateResult {
  return html`${count(value)}${shareBar(whole > 0 ? value / whole : 0)}`;
}
