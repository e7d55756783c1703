import { render } from 'lit-html';
import { z } from 'zod';
import { toModelView, type FromModelView, type ToModelView } from '../../src/protocol/webview-model';
import { Host } from '../shared/host';
import { page } from './page';
import '../shared/base.css';
import './model.css';

const root = document.querySelector<HTMLElement>('#root');
if (!root) throw new Error('the page has no root');
const host = new Host<FromModelView>(root);
const send = (message: FromModelView): void => host.post(message);

let shown: ToModelView | undefined;
let filter = z.string().safeParse(host.kept()).data ?? '';

function draw(): void {
  if (!shown || !root) return;
  const onFilter = (text: string): void => {
    filter = text;
    host.keep(filter);
    draw();
  };
  render(page({ shown, filter, send, onFilter }), root);
}

host.listen(toModelView, (message) => {
  shown = message;
  draw();
});
send({ type: 'ready' });
