import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { html, nothing, type TemplateResult } from 'lit-html';

// The one place that knows @vscode/webview-ui-toolkit, which is deprecated upstream.
provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeBadge(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeProgressRing(),
  vsCodeTextField(),
);

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

export interface TextFieldOptions {
  /** Stands in the field while it is empty, and names it. */
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

export function textField({ label, value, onInput }: TextFieldOptions): TemplateResult {
  return html`<vscode-text-field
    placeholder=${label}
    .value=${value}
    @input=${({ currentTarget }: InputEvent) => onInput(valueOf(currentTarget))}
    ><span class="unseen">${label}</span></vscode-text-field
  >`;
}

export interface ChoiceOptions<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** One of several values. */
export function choice<T extends string>({ label, value, options, onChange }: ChoiceOptions<T>): TemplateResult {
  return html`<label class="choice"
    ><span>${label}</span>
    <vscode-dropdown
      aria-label=${label}
      @change=${({ currentTarget }: Event) => {
        const chosen = options.find((option) => option.value === valueOf(currentTarget));
        if (chosen && chosen.value !== value) onChange(chosen.value);
      }}
    >
      ${options.map(
        (option) =>
          html`<vscode-option value=${option.value} ?selected=${option.value === value}
            >${option.label}</vscode-option
          >`,
      )}
    </vscode-dropdown></label
  >`;
}

function valueOf(element: EventTarget | null): string {
  return element && 'value' in element ? String(element.value) : '';
}
