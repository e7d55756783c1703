import { html, render } from 'lit-html';
import { z } from 'zod';
import { toSearchPanel, type FromSearchPanel, type SearchView } from '../../src/protocol/webview-search';
import { costKeys } from '../../src/runs/trial-front';
import { Host } from '../shared/host';
import { page, type Choices } from './page';
import { digest, Trials, type Digest } from './trials';
import '../shared/base.css';
import './search.css';

/** Rows of the table that are shown at first, and how many more at a time. */
const ROWS = 50;

const keptChoices = z.object({
  cost: z.enum(costKeys),
  filter: z.string(),
  sort: z.object({ key: z.enum(['trial', 'reward', 'accuracy', 'cost']), descending: z.boolean() }),
  strip: z.enum(['trial', 'reward']),
  picked: z.number().optional(),
});

const root = document.querySelector<HTMLElement>('#root');
if (!root) throw new Error('the page has no root');
const host = new Host<FromSearchPanel>(root);
const send = (message: FromSearchPanel): void => host.post(message);

const trials = new Trials();
let view: SearchView | undefined;
let title = '';
let choices: Choices = keptChoices.safeParse(host.kept()).data ?? {
  ...{ cost: 'flops', filter: '', strip: 'trial' },
  sort: { key: 'reward', descending: true },
};
let rows = ROWS;
let known: Digest | undefined;
let frame = 0;

/** Once a frame at most, however many messages come. */
function schedule(): void {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(draw);
}

function draw(): void {
  if (!root) return;
  if (!view) {
    const nothingYet = html`<h1>${title}</h1>
      <p>This run has not begun to search.</p>`;
    render(nothingYet, root);
    return;
  }
  const begun = performance.now();
  known ??= digest(trials.all, choices.cost);
  const choose = (changed: Partial<Choices>): void => {
    if (changed.cost) known = undefined;
    if (changed.filter !== undefined || changed.sort) rows = ROWS;
    choices = { ...choices, ...changed };
    host.keep(choices);
    schedule();
  };
  const showMore = (): void => {
    rows += ROWS * 4;
    schedule();
  };
  render(page({ view, digest: known, choices, rows, send, choose, showMore }), root);
  // Measured in the tests: what one more trial costs when there are thousands.
  performance.measure('draw', { start: begun });
}

host.listen(toSearchPanel, (message) => {
  if (message.type === 'search') {
    view = message.view;
    title = message.title;
  } else {
    trials.take(message.trials, message.fresh);
    known = undefined;
  }
  schedule();
});
send({ type: 'ready' });
