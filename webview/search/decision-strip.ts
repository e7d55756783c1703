import type { SearchView, TrialView } from '../../src/protocol/webview-search';
import { colorsOf, LEVELS, levelOf } from '../../src/runs/palette';

const ROW = 16;
const MAX_ROW_PIXELS = 640;

export interface StripContent {
  readonly space: SearchView['space'];
  /** In the order in which they stand from left to right. */
  readonly trials: readonly TrialView[];
}

/**
 * What each trial has decided, a column a trial and a row a dimension; bright is low in its range on a dark background,
 * dark is low on a light one. Fires `pick` with the trial under a click.
 */
export class DecisionStrip extends HTMLElement {
  private readonly canvas = document.createElement('canvas');
  private shown: StripContent = { space: [], trials: [] };
  private frame = 0;
  private readonly resizing = new ResizeObserver(() => this.schedule());

  set content(content: StripContent) {
    this.shown = content;
    this.schedule();
  }

  connectedCallback(): void {
    this.replaceChildren(this.canvas);
    this.canvas.addEventListener('click', this.onClick);
    this.resizing.observe(this);
  }

  disconnectedCallback(): void {
    cancelAnimationFrame(this.frame);
    this.canvas.removeEventListener('click', this.onClick);
    this.resizing.disconnect();
  }

  private readonly onClick = ({ offsetX }: MouseEvent): void => {
    const { trials } = this.shown;
    const trial = trials[Math.floor((offsetX / this.canvas.clientWidth) * trials.length)];
    if (trial) this.dispatchEvent(new CustomEvent<number>('pick', { detail: trial.trial }));
  };

  private schedule(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  /** One fill for each pixel column, so that thousands of trials cost no more than the width. */
  private draw(): void {
    const { space, trials } = this.shown;
    const width = Math.max(1, this.clientWidth);
    const row = Math.max(2, Math.min(ROW, Math.floor(MAX_ROW_PIXELS / Math.max(1, space.length))));
    this.canvas.width = width;
    this.canvas.height = Math.max(1, row * space.length);
    const context = this.canvas.getContext('2d');
    if (!context || trials.length === 0) return;
    const light =
      document.body.classList.contains('vscode-light') ||
      document.body.classList.contains('vscode-high-contrast-light');
    const colors = Array.from({ length: LEVELS }, (_, level) => colorsOf(level)[light ? 'light' : 'dark']);
    const columns = Math.min(width, trials.length);
    space.forEach((dimension, at) => {
      for (let column = 0; column < columns; column++) {
        const value = trials[Math.floor((column * trials.length) / columns)]?.decision[at];
        const position = positionIn(dimension, value);
        if (position === undefined) continue;
        context.fillStyle = colors[levelOf(position)] ?? '';
        const x = Math.floor((column * width) / columns);
        context.fillRect(x, at * row, Math.ceil(((column + 1) * width) / columns) - x, row - 1);
      }
    });
  }
}

/** Where a value lies in its dimension, [0, 1]; undefined where a condition has left it out. */
export function positionIn(
  { kind, low, high, log, choices }: SearchView['space'][number],
  value: TrialView['decision'][number] | undefined,
): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (kind === 'categorical') {
    const at = choices?.indexOf(value) ?? -1;
    return at < 0 ? undefined : at / Math.max(1, (choices?.length ?? 1) - 1);
  }
  if (typeof value !== 'number' || low === undefined || high === undefined || high <= low) return undefined;
  const position = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, position));
}

customElements.define('decision-strip', DecisionStrip);
