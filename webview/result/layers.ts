import { html, type TemplateResult } from 'lit-html';
import { count, share } from '../../src/runs/units';
import type { LayerFact } from '../../src/runs/events';
import { shareBar } from '../shared/share-bar';

interface Column {
  readonly title: string;
  readonly cell: (fact: LayerFact) => TemplateResult | string;
  /** Whether it says anything of these layers; a panel beside an editor is narrow. */
  readonly applies: (facts: readonly LayerFact[]) => boolean;
}

const columns: readonly Column[] = [
  {
    title: 'Channels',
    cell: ({ channels: [before, after] }) => html`${after} of ${before}${shareBar(after / before)}`,
    applies: (facts) => facts.some(({ channels: [before, after] }) => after !== before),
  },
  {
    title: 'Zero weights',
    cell: ({ sparsity }) => html`${share(sparsity)}${shareBar(sparsity)}`,
    applies: (facts) => facts.some(({ sparsity }) => sparsity > 0),
  },
  { title: 'FLOPs', cell: ({ flops }) => change(flops), applies: () => true },
  { title: 'Parameters', cell: ({ params }) => change(params), applies: () => true },
  {
    title: 'Output error',
    cell: ({ error }) => share(error),
    applies: (facts) => facts.some(({ error }) => error !== undefined),
  },
];

/** A table of the layers that is also the bar chart of what is left of each. */
export function layers(facts: readonly LayerFact[], stage: number | undefined): TemplateResult {
  const shown = columns.filter(({ applies }) => applies(facts));
  const id = `layers-${stage ?? 0}`;
  return html`<section>
    <h2 id=${id}>${stage === undefined ? 'Layers' : `Layers of stage ${stage + 1}`}</h2>
    <div class="scroll">
      <table class="layers" aria-labelledby=${id}>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col" class="text">Kind</th>
            ${shown.map(({ title }) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${facts.map(
            (fact) =>
              html`<tr>
                <th scope="row">${fact.name}</th>
                <td class="text muted">${fact.kind}</td>
                ${shown.map(({ cell }) => html`<td>${cell(fact)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function change([before, after]: readonly [number, number]): string {
  return before === after ? count(before) : `${count(before)} → ${count(after)}`;
}
