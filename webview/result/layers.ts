import { html, nothing, type TemplateResult } from 'lit-html';
import { count, share } from '../../src/cli/units';
import type { LayerFact } from '../../src/runs/events';
import { shareBar } from '../shared/share-bar';

/** A table of the layers that is also the bar chart of what is left of each. */
export function layers(facts: readonly LayerFact[], stage: number | undefined): TemplateResult {
  const title = stage === undefined ? 'Layers' : `Layers of stage ${stage + 1}`;
  const measured = facts.some(({ error }) => error !== undefined);
  return html`<section>
    <h2 id="layers-${stage ?? 0}">${title}</h2>
    <div class="scroll">
      <table class="layers" aria-labelledby="layers-${stage ?? 0}">
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col" class="text">Kind</th>
            <th scope="col">Channels</th>
            <th scope="col">Zeros</th>
            <th scope="col">FLOPs</th>
            <th scope="col">Params</th>
            ${measured ? html`<th scope="col">Error</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${facts.map((fact) => row(fact, measured))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row({ name, kind, channels, sparsity, flops, params, error }: LayerFact, measured: boolean): TemplateResult {
  const [before, after] = channels;
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="text muted">${kind}</td>
    <td>${after} of ${before}${shareBar(before === 0 ? 0 : after / before)}</td>
    <td>${share(sparsity)}${shareBar(sparsity)}</td>
    <td>${change(flops)}</td>
    <td>${change(params)}</td>
    ${measured ? html`<td>${share(error)}</td>` : nothing}
  </tr>`;
}

function change([before, after]: readonly [number, number]): string {
  return before === after ? count(before) : `${count(before)} → ${count(after)}`;
}
