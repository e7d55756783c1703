import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { MarkupContent } from 'vscode-languageserver-types';
import { complete } from '../../../src/language/complete';
import { definition } from '../../../src/language/definition';
import type { ConfigDocument } from '../../../src/language/document';
import { hover } from '../../../src/language/hover';
import type { Surroundings } from '../../../src/language/surroundings';
import { blockModel } from '../../support/lenet-facts';
import { marked } from '../../support/marked-text';
import { completions, definitions, hovers } from './support/marked-configs';

/** What is answered at each mark stands in the files of this folder, which `npx vitest -u` writes: read what changed. */
const folder = join(import.meta.dirname, 'fixtures/marked');
const around: Surroundings = {
  model: blockModel,
  files: { models: ['./a.onnx'], folders: ['./photos'] },
  lastRun: {
    id: 'run',
    directory: '/runs/run',
    status: 'finished',
    startedAt: '2026-01-01T00:00:00.000Z',
    layers: [{ name: 'conv1', channels: [16, 8], sparsity: 0 }],
  },
};

type Ask = (document: ConfigDocument, position: ReturnType<typeof marked>['position']) => string;

function answers(texts: readonly string[], ask: Ask): string {
  return texts
    .map((text) => {
      const { document, position } = marked(text);
      return `${JSON.stringify(text)}\n${ask(document, position).replace(/^/gm, '    ')}\n`;
    })
    .join('\n');
}

it('completions', async () => {
  const text = answers(completions, (document, position) =>
    complete(document, position, around)
      .map(({ label, textEdit }) => `${label} => ${JSON.stringify(textEdit?.newText)}`)
      .join('\n'),
  );
  await expect(text).toMatchFileSnapshot(join(folder, 'completions.txt'));
});

it('hovers', async () => {
  const text = answers(hovers, (document, position) => {
    const contents = hover(document, position, around)?.contents as MarkupContent | undefined;
    return contents?.value ?? 'nothing';
  });
  await expect(text).toMatchFileSnapshot(join(folder, 'hovers.txt'));
});

it('definitions', async () => {
  const text = answers(definitions, (document, position) =>
    definition(document, position, (name) => `file:///${name}`)
      .map(({ targetUri, targetSelectionRange: { start } }) => `${targetUri} ${start.line}:${start.character}`)
      .join('\n'),
  );
  await expect(text).toMatchFileSnapshot(join(folder, 'definitions.txt'));
});

it('there are enough of them', () => {
  expect(completions.length + hovers.length + definitions.length).toBeGreaterThanOrEqual(150);
});
