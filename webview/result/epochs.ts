import { html, type TemplateResult } from 'lit-html';
import { duration, percent } from '../../src/runs/units';
import type { RunView } from '../../src/protocol/webview';
import './epochs-chart';

/** How training went: a chart, and the same figures as a table. */
export function epochs(run: RunView): TemplateResult {
  const last = run.epochs.at(-1);
  const label = last
    ? `Accuracy and loss over ${run.epochs.length} epochs; after the last: loss ${last.loss.toFixed(3)}, training accuracy ${percent(last.trainAccuracy)}, validation accuracy ${percent(last.validationAccuracy)}`
    : '';
  return html`<section>
    <h2>Training</h2>
    <epochs-chart role="img" aria-label=${label} .epochs=${run.epochs}></epochs-chart>
    <details>
      <summary>Epochs as a table</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Phase</th>
              <th scope="col">Epoch</th>
              <th scope="col">Loss</th>
              <th scope="col">Training accuracy</th>
              <th scope="col">Validation accuracy</th>
              <th scope="col">Learning rate</th>
              <th scope="col">Time</th>
            </tr>
          </thead>
          <tbody>
            ${run.epochs.map(row)}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;
}

function row(epoch: RunView['epochs'][number]): TemplateResult {
  return html`<tr>
    <th scope="row">${epoch.phase}</th>
    <td>${epoch.epoch} of ${epoch.epochs}</td>
    <td>${epoch.loss.toFixed(4)}</td>
    <td>${percent(epoch.trainAccuracy)}</td>
    <td>${percent(epoch.validationAccuracy)}</td>
    <td>${epoch.learningRate.toPrecision(3)}</td>
    <td>${duration(epoch.seconds)}</td>
  </tr>`;
}
