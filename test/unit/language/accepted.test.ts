import { expect, it } from 'vitest';
import type { CompletionItem } from 'vscode-languageserver-types';
import { complete } from '../../../src/language/complete';
import { diagnose } from '../../../src/language/diagnose';
import { ConfigDocument } from '../../../src/language/document';
import { blockModel } from '../../support/lenet-facts';
import { seeded } from '../../support/seeded';
import { soundConfigs } from './support/configs';

const around = { model: blockModel, files: { models: ['./a.onnx'], folders: ['./photos'] } };
const COUNT = 300;

/** The text with a completion in it, its places to fill in filled with what they offer first. */
function accepted(document: ConfigDocument, { textEdit }: CompletionItem): string {
  if (!textEdit || !('range' in textEdit)) throw new Error('a completion without a range');
  const [start, end] = [document.offset(textEdit.range.start), document.offset(textEdit.range.end)];
  const filled = textEdit.newText
    .replace(/\$\{\d+\|((?:\\.|[^,|\\])*)(?:\\.|[^|\\])*\|\}/g, '$1')
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, '$1')
    .replace(/(?<!\\)\$0/g, '')
    .replace(/\\([\\$},|])/g, '$1');
  return document.content.slice(0, start) + filled + document.content.slice(end);
}

it(`a completion accepted at random leaves a config as right as it was (${COUNT} places)`, () => {
  const random = seeded(11);
  let tried = 0;
  for (let i = 0; i < COUNT; i++) {
    const text = soundConfigs[i % soundConfigs.length] ?? '';
    const document = ConfigDocument.of(text);
    expect(diagnose(document, {})).toEqual([]);
    const items = complete(document, document.position(Math.floor(random() * text.length)), around);
    const item = items[Math.min(Math.floor(random() * items.length), items.length - 1)];
    if (!item) continue;
    tried++;
    const after = accepted(document, item);
    const found = diagnose(ConfigDocument.of(after), {});
    expect(found, `${item.label} in\n${text}\nmade\n${after}`).toEqual([]);
  }
  expect(tried).toBeGreaterThan(COUNT / 4);
});
