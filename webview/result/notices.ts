import { html, nothing, type TemplateResult } from 'lit-html';
import type { RunView } from '../../src/protocol/webview';

/** Why a run failed or stopped, and what it warned of on the way. */
export function notices({ failure, stopReason, messages }: RunView): TemplateResult {
  return html`${
    failure
      ? html`<section class="notice error" role="alert">
          <strong>${failure.message}</strong>
          ${failure.hint ? html`<div>To mend it: ${failure.hint}.</div>` : nothing}
        </section>`
      : nothing
  }
  ${stopReason === undefined ? nothing : html`<p class="notice">Stopped: ${stopReason}.</p>`}
  ${messages.map(({ level, text }) => html`<p class="notice ${level}">${text}</p>`)}`;
}
