import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseConfig } from '../../../src/config/parse';
import { ConfigDocument } from '../../../src/language/document';

const texts: Readonly<Record<string, string>> = {
  'three lines': 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n',
  'block maps':
    'model:\n  zoo: lenet\n  weights: a.onnx\ndataset: mnist\ntarget:\n  flops: 0.5\nlayers:\n  "a/*": { keep: 0.5 }\n  b:\n    skip: true\n',
  stages: 'model: lenet\ndataset: mnist\nstages:\n- target: { flops: 0.5 }\n- target: { sparsity: 0.5 }\n',
  comments: '# head\nmodel: lenet # zoo\n\n# about data\ndataset: mnist\ntarget:\n  # share\n  flops: 0.5\n',
  'flow over lines': 'model: {\n  zoo: lenet,\n  weights: a.onnx\n}\ndataset: mnist\ntarget: { flops: 0.5 }\n',
  'closed at the margin': 'model: lenet\ndataset: mnist\noutput: {\n  formats: [onnx]\n}\ntarget: { flops: 0.5 }\n',
  anchors:
    'model: lenet\ndataset: mnist\nbaseline: &t\n  epochs: 1\n  batchSize: 8\ntraining: *t\ntarget: { flops: 0.5 }\n',
  'carriage returns': 'model: lenet\r\ndataset: mnist\r\ntarget:\r\n  flops: 0.5\r\n  params: 2\r\n',
  'byte order mark': '\uFEFFmodel: lenet\ndataset: mnits\ntarget: { flops: 0.5 }\n',
  'document marker': '---\nmodel: lenet\ndataset: mnist\ntarget: { flops: 5 }\n',
  'duplicate key': 'model: lenet\ndataset: mnist\nmodel: convnet\n',
  'duplicate layer': 'model: lenet\ndataset: mnist\nlayers:\n  a: { keep: 0.5 }\n  a: { keep: 0.6 }\n',
  'unclosed brace': 'model: { zoo: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n',
  'half a key': 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\ntrai\n',
  'half a nested key': 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\ntraining:\n  epochs: 1\n  batch\n',
  tabs: 'model: lenet\ntarget:\n\tflops: 0.5\n',
  'quotes over entries': 'model: "len\ndataset: mnist\ntarget: { flops: 0.5 }"\n',
  'less indented': 'model: lenet\ntraining:\n    epochs: 1\n  batchSize: 3\n',
  'block text': 'model: |\n  lenet\n  x: 1\ndataset: mnist\n',
  'text over lines': 'model: ./a\n  b.onnx\ndataset: mnist\ntarget: { flops: 0.5 }\n',
  'text below its key': 'model:\n  ./a:b\n  c\ndataset: mnist\ntarget: { flops: 0.5 }\n',
  'no map': 'lenet\n',
  list: '- a\n- b\n',
  empty: '',
  'comments only': '# nothing\n',
  'numbers as keys': 'model: lenet\ndataset: mnist\nlayers:\n  1: { keep: 0.5 }\n  2: { keep: 5 }\n',
  prototype: 'model: lenet\n__proto__:\n  a: 1\n  b: 2\n',
};

describe('a text read in pieces says what it says as a whole', () => {
  it.each(Object.entries(texts))('%s', (_, text) => {
    const { config, problems } = parseConfig(text);
    const { check } = ConfigDocument.of(text);
    expect(check.config).toEqual(config);
    expect(check.problems).toEqual(problems);
  });
});

describe('a text that changes', () => {
  it.each(Object.entries(texts))('is read anew where it has changed: %s', (_, text) => {
    let document = ConfigDocument.of('');
    for (let length = 0; length <= text.length; length++) {
      const typed = text.slice(0, length);
      document = new ConfigDocument(TextDocument.create('file:///a', 'pocketflow', length, typed), document);
      const { check } = document;
      const { config, problems } = parseConfig(typed);
      expect({ config: check.config, problems: check.problems }).toEqual({ config, problems });
    }
  });

  it('keeps what stands around a place that is broken', () => {
    const document = ConfigDocument.of('model: { zoo: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n');
    expect(document.plain(document.nodeAt(['dataset']))).toBe('mnist');
    expect(document.plain(document.nodeAt(['model', 'zoo']))).toBe('lenet');
  });
});
