import { html, nothing, type TemplateResult } from 'lit-html';
import { bytes } from '../../src/runs/units';
import type { RunView } from '../../src/protocol/webview';
import { button } from '../shared/controls';
import type { Send } from './page';

/** The files that the run has written. */
export function files({ artifacts }: RunView, send: Send): TemplateResult | typeof nothing {
  if (artifacts.length === 0) return nothing;
  return html`<section>
    <h2>Files</h2>
    <ul class="files">
      ${artifacts.map(
        ({ name, format, bytes: size }, index) =>
          html`<li>
            <span class="name">${name}</span>
            <span class="muted">${format}, ${bytes(size)}</span>
            <span class="actions">
              ${button({
                label: 'Open',
                description: `Open ${name}`,
                onClick: () => send({ type: 'openArtifact', index }),
              })}
              ${button({
                label: 'Reveal',
                description: `Show where ${name} is`,
                onClick: () => send({ type: 'revealArtifact', index }),
              })}
            </span>
          </li>`,
      )}
    </ul>
  </section>`;
}
