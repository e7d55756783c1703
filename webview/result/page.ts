import { html, nothing, type TemplateResult } from 'lit-html';
import type { FromResultPanel, RunView } from '../../src/protocol/webview';
import { epochs } from './epochs';
import { files } from './files';
import { header } from './header';
import { layers } from './layers';
import { notices } from './notices';
import { summary } from './summary';

export type Send = (message: FromResultPanel) => void;

/** All of the result panel. */
export function page(run: RunView, send: Send): TemplateResult {
  return html`${header(run, send)} ${notices(run)} ${summary(run)} ${files(run, send)}
  ${run.stages.map(({ stage, layers: facts }) => layers(facts, run.stages.length > 1 ? stage : undefined))}
  ${run.epochs.length > 0 ? epochs(run) : nothing}`;
}
