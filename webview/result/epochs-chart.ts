import uPlot, { type AlignedData, type Options, type Series } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { RunView } from '../../src/protocol/webview';
import { onThemeChange, themeColor } from '../shared/theme';

type Epochs = RunView['epochs'];

const HEIGHT = 220;

/** Loss and accuracies, epoch by epoch; phases one after the other, with a line between them. */
class EpochsChart extends HTMLElement {
  private shown: Epochs = [];
  private plot: uPlot | undefined;
  private forgetTheme: (() => void) | undefined;
  private readonly resizing = new ResizeObserver(() => this.plot?.setSize({ width: this.clientWidth, height: HEIGHT }));

  set epochs(epochs: Epochs) {
    this.shown = epochs;
    this.plot?.setData(dataOf(epochs));
  }

  connectedCallback(): void {
    this.draw();
    // Colours on a canvas don't follow the theme by themselves.
    this.forgetTheme = onThemeChange(() => this.draw());
    this.resizing.observe(this);
  }

  disconnectedCallback(): void {
    this.forgetTheme?.();
    this.resizing.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }

  private draw(): void {
    this.plot?.destroy();
    const options = chartOptions(this.clientWidth, (plot) => drawPhases(plot, this.shown));
    this.plot = new uPlot(options, dataOf(this.shown), this);
  }
}

customElements.define('epochs-chart', EpochsChart);

/** Between two phases the lines have a gap: what is trained, and what the loss is made of, changes there. */
function dataOf(epochs: Epochs): AlignedData {
  const points = epochs.flatMap((epoch, index) =>
    beginsPhase(epochs, index) && index > 0 ? [{ x: index + 0.5 }, { x: index + 1, epoch }] : [{ x: index + 1, epoch }],
  );
  return [
    points.map(({ x }) => x),
    points.map(({ epoch }) => epoch?.trainAccuracy ?? null),
    points.map(({ epoch }) => epoch?.validationAccuracy ?? null),
    points.map(({ epoch }) => epoch?.loss ?? null),
  ];
}

function beginsPhase(epochs: Epochs, index: number): boolean {
  return epochs[index]?.phase !== epochs[index - 1]?.phase;
}

function chartOptions(width: number, drawOver: (plot: uPlot) => void): Options {
  const text = themeColor('--vscode-foreground');
  const grid = { stroke: themeColor('--vscode-editorIndentGuide-background1'), width: 1 };
  const axis = { stroke: text, grid, ticks: grid };
  const percent = (_: uPlot, value: number | null): string => (value === null ? '–' : `${value.toFixed(2)} %`);
  return {
    width,
    height: HEIGHT,
    scales: { x: { time: false, range: (_, min, max) => [min, Math.max(max, min + 1)] } },
    axes: [
      // There is no epoch 1.5.
      { ...axis, label: 'epoch', labelSize: 20, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
      { ...axis, scale: 'percent', values: (_, ticks) => ticks.map((tick) => `${tick} %`), size: 60 },
      { ...axis, scale: 'loss', side: 1, grid: { show: false } },
    ],
    series: [
      { label: 'Epoch' },
      line('Training accuracy', 'percent', '--vscode-charts-blue', { value: percent }),
      line('Validation accuracy', 'percent', '--vscode-charts-orange', { value: percent, width: 2 }),
      line('Loss', 'loss', '--vscode-charts-green', { dash: [6, 4] }),
    ],
    hooks: { draw: [drawOver] },
  };
}

function line(label: string, scale: string, color: `--vscode-${string}`, more: Series): Series {
  return { label, scale, stroke: themeColor(color), width: 1, points: { show: true, size: 5 }, ...more };
}

/** A line and a name where one phase ends and the next begins. */
function drawPhases({ ctx, bbox, valToPos }: uPlot, epochs: Epochs): void {
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = themeColor('--vscode-descriptionForeground');
  ctx.font = `${11 * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;
  epochs.forEach(({ phase }, index) => {
    if (!beginsPhase(epochs, index)) return;
    const x = index === 0 ? bbox.left : Math.round(valToPos(index + 0.5, 'x', true));
    ctx.fillText(phase, x + 4 * devicePixelRatio, bbox.top + 12 * devicePixelRatio);
    if (index === 0) return;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  });
  ctx.restore();
}
