import { html, nothing, type TemplateResult } from 'lit-html';
import { bytes, count, milliseconds, percent } from '../../src/runs/units';
import type { RunView } from '../../src/protocol/webview';
import type { ModelFacts } from '../../src/runs/events';
import { shareBar } from '../shared/share-bar';

interface Row {
  readonly label: string;
  readonly value: (facts: ModelFacts) => number | undefined;
  readonly format: (value: number | undefined) => string;
}

const sizes: readonly Row[] = [
  { label: 'FLOPs', value: (facts) => facts.flops, format: count },
  { label: 'Parameters', value: (facts) => facts.params, format: count },
  { label: 'Parameters that are not zero', value: (facts) => facts.nonzero, format: count },
  { label: 'ONNX file', value: (facts) => facts.bytes, format: bytes },
  { label: 'ONNX file, gzipped', value: (facts) => facts.gzipBytes, format: bytes },
  { label: 'Packed file', value: (facts) => facts.packedBytes, format: bytes },
  { label: 'Latency of one sample', value: (facts) => facts.latencyMs, format: milliseconds },
];

/** The model before and after, and what of it is left. */
export function summary({ before, after }: RunView): TemplateResult | typeof nothing {
  if (!before) return nothing;
  const rows = sizes.filter(({ value }) => value(before) !== undefined || (after && value(after) !== undefined));
  return html`<section>
    <h2 id="summary">Before and after</h2>
    <table class="summary" aria-labelledby="summary">
      <thead>
        <tr>
          <td></td>
          <th scope="col">Before</th>
          <th scope="col">After</th>
          <th scope="col">Kept</th>
        </tr>
      </thead>
      <tbody>
        ${before.accuracy === undefined ? nothing : accuracyRow(before, after)}
        ${rows.map((row) => sizeRow(row, before, after))}
      </tbody>
    </table>
  </section>`;
}

function accuracyRow(before: ModelFacts, after: ModelFacts | undefined): TemplateResult {
  const change =
    before.accuracy === undefined || after?.accuracy === undefined ? '' : points(after.accuracy - before.accuracy);
  return html`<tr>
    <th scope="row">Test accuracy</th>
    <td>${percent(before.accuracy)}</td>
    <td>${percent(after?.accuracy)}</td>
    <td>${change}</td>
  </tr>`;
}

function sizeRow({ label, value, format }: Row, before: ModelFacts, after: ModelFacts | undefined): TemplateResult {
  const from = value(before);
  const to = after && value(after);
  return html`<tr>
    <th scope="row">${label}</th>
    <td>${format(from)}</td>
    <td>${format(to)}</td>
    <td>${from && to !== undefined ? html`${Math.round((100 * to) / from)} %${shareBar(to / from)}` : nothing}</td>
  </tr>`;
}

function points(change: number): string {
  const text = Math.abs(change).toFixed(2);
  return `${Number(text) === 0 ? '±' : change < 0 ? '−' : '+'}${text} points`;
}
