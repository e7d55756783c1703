import { html, nothing, type TemplateResult } from 'lit-html';
import { duration } from '../../src/runs/units';
import type { RunView } from '../../src/protocol/webview';
import { badge, button, spinner } from '../shared/controls';
import { statusWords } from '../shared/status-words';
import type { Send } from './page';

/** Which run it is, how it is doing, and what can be done about it. */
export function header(run: RunView, send: Send): TemplateResult {
  const resumable = run.status === 'stopped' || run.status === 'failed' || run.status === 'dead';
  return html`<header>
    <div class="title">
      <h1>${run.title}</h1>
      ${badge(statusWords[run.status])}
      <span class="actions">
        ${run.stoppable ? button({ label: 'Stop', onClick: () => send({ type: 'stop' }) }) : nothing}
        ${resumable ? button({ label: 'Resume', primary: true, onClick: () => send({ type: 'resume' }) }) : nothing}
        ${run.stages.length > 0 ? button({ label: 'Show Layers', onClick: () => send({ type: 'showLayers' }) }) : nothing}
        ${button({ label: 'Open Config', onClick: () => send({ type: 'openConfig' }) })}
        ${button({ label: 'Open Log', onClick: () => send({ type: 'openLog' }) })}
      </span>
    </div>
    <p class="muted">${facts(run).join(' · ')}</p>
    ${run.status === 'running' ? progress(run) : nothing}
  </header>`;
}

function facts({ startedAt, seconds, stage, executor }: RunView): string[] {
  return [
    `Started ${new Date(startedAt).toLocaleString()}`,
    ...(seconds === undefined ? [] : [`took ${duration(seconds)}`]),
    ...(stage ? [`${stage.learner}${stage.target ? `, target ${stage.target}` : ''}`] : []),
    ...(executor ? [`${executor.name} ${executor.version}, ${executor.threads} threads`] : []),
  ];
}

function progress({ phase }: RunView): TemplateResult {
  const name = phase?.name ?? 'preparing';
  const percent = phase?.share === undefined ? '' : ` ${Math.floor(100 * phase.share)} %`;
  const left = phase?.eta === undefined ? '' : `, ${duration(phase.eta)} left`;
  return html`<div class="progress">
    ${spinner()}
    <div>
      <div id="phase">${name}${percent}${left}</div>
      <progress aria-labelledby="phase" max="1" value=${phase?.share ?? nothing}></progress>
    </div>
  </div>`;
}
