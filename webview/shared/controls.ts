import { provideVSCodeDesignSystem, vsCodeBadge, vsCodeButton, vsCodeProgressRing } from '@vscode/webview-ui-toolkit';
import { html, nothing, type TemplateResult } from 'lit-html';

// The one place that knows @vscode/webview-ui-toolkit, which is deprecated upstream.
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeBadge(), vsCodeProgressRing());

export interface ButtonOptions {
  readonly label: string;
  /** Where the label alone doesn't say what it acts on. */
  readonly description?: string;
  readonly primary?: boolean;
  readonly onClick: () => void;
}

export function button({ label, description, primary = false, onClick }: ButtonOptions): TemplateResult {
  return html`<vscode-button
    appearance=${primary ? 'primary' : 'secondary'}
    aria-label=${description ?? nothing}
    title=${description ?? nothing}
    @click=${onClick}
    >${label}</vscode-button
  >`;
}

export function badge(label: string): TemplateResult {
  return html`<vscode-badge>${label}</vscode-badge>`;
}

/** Turns for as long as something goes on; hidden from screen readers, which get the text beside it. */
export function spinner(): TemplateResult {
  return html`<vscode-progress-ring aria-hidden="true"></vscode-progress-ring>`;
}
