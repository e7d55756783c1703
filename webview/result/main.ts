import { render } from 'lit-html';
import { toResultPanel, type FromResultPanel } from '../../src/protocol/webview';
import { Host } from '../shared/host';
import { page } from './page';
import '../shared/base.css';
import './result.css';

const root = document.querySelector<HTMLElement>('#root');
if (!root) throw new Error('the page has no root');
const host = new Host<FromResultPanel>(root);
const send = (message: FromResultPanel): void => host.post(message);
host.listen(toResultPanel, ({ run }) => render(page(run, send), root));
send({ type: 'ready' });
