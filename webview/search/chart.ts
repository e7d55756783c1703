import uPlot, { type AlignedData, type Options } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { onThemeChange } from '../shared/theme';

const HEIGHT = 230;
/** How near to a point a click has to be, CSS pixels. */
const REACH = 24;

/** What a chart shows: columns of one length, sorted by the first, and the trial that each row is of. */
export interface ChartContent {
  readonly data: AlignedData;
  readonly trials: readonly number[];
  /** Made anew when the theme or this function changes; the data alone may change often. */
  readonly options: () => Omit<Options, 'width' | 'height'>;
}

/** A chart of trials; drag to zoom, double-click to see all again. Fires `pick` with the trial nearest to a click. */
export class TrialChart extends HTMLElement {
  private plot: uPlot | undefined;
  private shown: ChartContent | undefined;
  private forgetTheme: (() => void) | undefined;
  private readonly resizing = new ResizeObserver(() => this.plot?.setSize({ width: this.clientWidth, height: HEIGHT }));

  set content(content: ChartContent) {
    const before = this.shown;
    this.shown = content;
    if (before?.data === content.data) return;
    if (this.plot && before?.options === content.options) this.update(this.plot, content);
    else this.draw();
  }

  private get zoomed(): boolean {
    return this.dataset['zoomed'] === 'true';
  }

  connectedCallback(): void {
    this.draw();
    this.forgetTheme = onThemeChange(() => this.draw());
    this.resizing.observe(this);
  }

  disconnectedCallback(): void {
    this.forgetTheme?.();
    this.resizing.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }

  /** Who has zoomed in stays where they are. */
  private update(plot: uPlot, { data }: ChartContent): void {
    plot.setData(data, !this.zoomed);
    if (this.zoomed) plot.redraw();
  }

  private draw(): void {
    if (!this.shown || !this.isConnected) return;
    this.plot?.destroy();
    this.dataset['zoomed'] = 'false';
    const { data, options } = this.shown;
    const own = options();
    this.plot = new uPlot({ ...own, width: this.clientWidth, height: HEIGHT }, data, this);
    const { over } = this.plot;
    let downAt = 0;
    over.addEventListener('mousedown', ({ clientX }) => (downAt = clientX));
    over.addEventListener('mouseup', ({ clientX }) => {
      if (Math.abs(clientX - downAt) > 5) this.dataset['zoomed'] = 'true';
    });
    over.addEventListener('dblclick', () => (this.dataset['zoomed'] = 'false'));
    over.addEventListener('click', ({ offsetX, offsetY }) => this.pick(offsetX, offsetY));
  }

  private pick(x: number, y: number): void {
    const { plot, shown } = this;
    if (!plot || !shown) return;
    const [xs, ...columns] = plot.data;
    let nearest = { distance: REACH, row: -1 };
    columns.forEach((column, at) => {
      const scale = plot.series[at + 1]?.scale ?? 'y';
      for (let row = 0; row < xs.length; row++) {
        const value = column[row];
        if (value == null || xs[row] == null) continue;
        const distance = Math.hypot(plot.valToPos(xs[row], 'x') - x, plot.valToPos(value, scale) - y);
        if (distance < nearest.distance) nearest = { distance, row };
      }
    });
    const trial = shown.trials[nearest.row];
    if (trial !== undefined) this.dispatchEvent(new CustomEvent<number>('pick', { detail: trial }));
  }
}

customElements.define('trial-chart', TrialChart);
