/** How far a key moves the value, and a smaller step with Shift. */
const STEP = 0.05;
const FINE_STEP = 0.01;
/** What is written into a config is rounded to this. */
const GRAIN = 0.01;
/** Wait after the last key, so that several make one edit. */
const KEY_MS = 500;

export interface BarChange {
  /** null takes the value out. */
  readonly value: number | null;
}

/**
 * A bar for what is left of a layer, with a mark for what the config asks for. Where it may be changed, it is a slider:
 * drag it or press the arrow keys (Shift: smaller steps); Delete takes the wish out. Fires `change` with a `BarChange`.
 */
export class LayerBar extends HTMLElement {
  private readonly svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  private readonly fill = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  private readonly mark = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shown = 1;
  private wished: number | undefined;
  private draft: number | undefined;
  private movable = false;

  /** Share that is left, [0, 1]. */
  set left(value: number | undefined) {
    this.shown = value ?? 1;
    this.draw();
  }

  /** What the config asks for, in the same measure. */
  set wish(value: number | undefined) {
    this.wished = value;
    this.draft = undefined;
    this.draw();
  }

  set editable(value: boolean) {
    this.movable = value;
    this.draw();
  }

  connectedCallback(): void {
    this.fill.setAttribute('class', 'fill');
    this.mark.setAttribute('class', 'wish');
    this.fill.setAttribute('height', '100%');
    this.mark.setAttribute('height', '100%');
    this.mark.setAttribute('width', '3');
    this.svg.setAttribute('aria-hidden', 'true');
    this.svg.replaceChildren(this.fill, this.mark);
    this.replaceChildren(this.svg);
    this.addEventListener('pointerdown', this.onPointerDown);
    this.addEventListener('keydown', this.onKey);
    this.draw();
  }

  disconnectedCallback(): void {
    clearTimeout(this.timer);
    this.removeEventListener('pointerdown', this.onPointerDown);
    this.removeEventListener('keydown', this.onKey);
  }

  private readonly onPointerDown = (down: PointerEvent): void => {
    if (!this.movable || down.button !== 0) return;
    this.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent): void => {
      const { left, width } = this.svg.getBoundingClientRect();
      this.try((event.clientX - left) / width);
    };
    move(down);
    this.addEventListener('pointermove', move);
    const end = (event: Event): void => {
      this.removeEventListener('pointermove', move);
      this.removeEventListener('pointerup', end);
      this.removeEventListener('pointercancel', end);
      if (event.type === 'pointerup') this.commit();
      else this.wish = this.wished;
    };
    this.addEventListener('pointerup', end);
    this.addEventListener('pointercancel', end);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!this.movable) return;
    const step = event.shiftKey ? FINE_STEP : STEP;
    const value = this.draft ?? this.wished ?? this.shown;
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: value + step,
      ArrowLeft: value - step,
      Home: GRAIN,
      End: 1,
    };
    if (event.key === 'Delete' || event.key === 'Backspace') this.fire(null);
    else if (event.key === 'Escape') this.wish = this.wished;
    else if (moves[event.key] !== undefined) this.try(moves[event.key]);
    else return;
    event.preventDefault();
    clearTimeout(this.timer);
    if (this.draft !== undefined) this.timer = setTimeout(() => this.commit(), KEY_MS);
  };

  private try(value: number): void {
    this.draft = Math.round(Math.min(1, Math.max(GRAIN, value)) / GRAIN) * GRAIN;
    this.draw();
  }

  private commit(): void {
    clearTimeout(this.timer);
    if (this.draft !== undefined) this.fire(Number(this.draft.toFixed(2)));
  }

  private fire(value: number | null): void {
    this.dispatchEvent(new CustomEvent<BarChange>('change', { detail: { value } }));
  }

  private draw(): void {
    const wish = this.draft ?? this.wished;
    this.fill.setAttribute('width', `${100 * this.shown}%`);
    this.mark.setAttribute('visibility', wish === undefined ? 'hidden' : 'visible');
    this.mark.setAttribute('x', `${Math.min(98, 100 * (wish ?? 0))}%`);
    this.classList.toggle('movable', this.movable);
    if (!this.movable) {
      for (const name of ['role', 'tabindex', 'aria-valuemin', 'aria-valuemax', 'aria-valuenow', 'aria-valuetext']) {
        this.removeAttribute(name);
      }
      return;
    }
    const now = Math.round(100 * (wish ?? this.shown));
    this.setAttribute('role', 'slider');
    this.tabIndex = 0;
    this.setAttribute('aria-valuemin', '1');
    this.setAttribute('aria-valuemax', '100');
    this.setAttribute('aria-valuenow', String(now));
    this.setAttribute('aria-valuetext', wish === undefined ? `${now} % left` : `${now} % asked for`);
  }
}

customElements.define('layer-bar', LayerBar);
