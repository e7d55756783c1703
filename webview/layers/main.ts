import { render } from 'lit-html';
import { z } from 'zod';
import { toLayersPanel, type FromLayersPanel, type LayersView } from '../../src/protocol/webview-layers';
import { layerMetricIds, tellingMetric } from '../../src/runs/layer-metrics';
import { Host } from '../shared/host';
import { page, type Choices } from './page';
import '../shared/base.css';
import './layers.css';

const keptChoices = z.object({
  metric: z.enum(layerMetricIds),
  filter: z.string(),
  sort: z.object({ key: z.enum(['model', 'name', 'left', 'flops', 'params']), descending: z.boolean() }),
});

const root = document.querySelector<HTMLElement>('#root');
if (!root) throw new Error('the page has no root');
const host = new Host<FromLayersPanel>(root);
const send = (message: FromLayersPanel): void => host.post(message);

let view: LayersView | undefined;
let selected: ReadonlySet<string> = new Set();
let choices: Choices | undefined = keptChoices.safeParse(host.kept()).data;

function draw(): void {
  if (!view || !root) return;
  const metric = tellingMetric(view.layers.map(({ fact }) => fact));
  const shown = choices ?? { metric, filter: '', sort: { key: 'model', descending: false } };
  const choose = (changed: Partial<Choices>): void => {
    choices = { ...shown, ...changed };
    host.keep(choices);
    draw();
  };
  render(page({ view, choices: shown, selected, send, choose }), root);
}

host.listen(toLayersPanel, (message) => {
  if (message.type === 'layers') view = message.view;
  else selected = new Set(message.names);
  draw();
  if (message.type === 'select') root.querySelector('tr.selected')?.scrollIntoView({ block: 'nearest' });
});
send({ type: 'ready' });
