import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentFormattingRequest,
  HoverRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  RenameRequest,
  type CodeAction,
  type CompletionItem,
  type Hover,
  type InlayHint,
} from 'vscode-languageserver-protocol/node';
import { Session } from './support/session';

const config = 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n';
let session: Session;
let folder: string;
let uri: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pocketflow-lsp-'));
  uri = pathToFileURL(join(folder, 'lenet.pocketflow.yaml')).href;
  session = await Session.start({ folders: [pathToFileURL(folder).href] });
});
afterEach(async () => {
  await session.end();
  rmSync(folder, { recursive: true, force: true });
});

const textDocument = () => ({ uri });
const wholeRange = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

describe('diagnostics', () => {
  it('come with a code and a link to its explanation, and go when mended', async () => {
    await session.open(uri, config.replace('0.5', '5'));
    const [problem] = await session.diagnostics(uri, ({ length }) => length === 1);
    expect(problem).toMatchObject({
      code: 'out-of-range',
      source: 'PocketFlow',
      codeDescription: { href: 'file:///product/docs/diagnostics.md#out-of-range' },
    });
    await session.type(uri, { line: 2, character: 17 }, '0.');
    expect(await session.diagnostics(uri, ({ length }) => length === 0)).toEqual([]);
  });

  it('name a file that is missing, until it is there', async () => {
    await session.open(uri, config.replace('lenet', './nothing.onnx'));
    const [problem] = await session.diagnostics(uri, ({ length }) => length === 1);
    expect(problem).toMatchObject({ code: 'missing-file' });
    writeFileSync(join(folder, 'nothing.onnx'), '');
    await session.client.sendNotification('workspace/didChangeWatchedFiles', { changes: [] });
    await session.diagnostics(uri, ({ length }) => length === 0);
  });

  it('know the layers of the model', async () => {
    await session.open(uri, `${config}layers: { cnov1: { keep: 0.5 } }\n`);
    const [problem] = await session.diagnostics(uri, ({ length }) => length === 1);
    expect(problem).toMatchObject({ code: 'unknown-layer', message: expect.stringContaining('did you mean `conv1`') });
  });

  it('know what can be reached', async () => {
    await session.open(uri, config.replace('0.5', '0.001'));
    const [problem] = await session.diagnostics(uri, (found) =>
      found.some(({ code }) => code === 'unreachable-target'),
    );
    expect(problem?.message).toMatch(/smallest model .* keeps 0\.\d+/);
  });

  it('are told of configs that are not open', async () => {
    mkdirSync(join(folder, 'deep'));
    const other = join(folder, 'deep', 'x.pocketflow.yaml');
    writeFileSync(other, 'model: lenet\n');
    const otherUri = pathToFileURL(other).href;
    await session.client.sendNotification('pocketflow/configs', { uris: [otherUri] });
    expect(await session.diagnostics(otherUri, ({ length }) => length > 0)).toMatchObject([{ code: 'missing-key' }]);
    rmSync(other);
    await session.client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: otherUri, type: 3 }] });
    await session.diagnostics(otherUri, ({ length }) => length === 0);
  });
});

describe('answers', () => {
  it('complete layer names of the model', async () => {
    await session.open(uri, `${config}layers:\n  \n`);
    const labels = async (): Promise<string[]> => {
      const position = { line: 4, character: 2 };
      const items = await session.client.sendRequest(CompletionRequest.type, {
        textDocument: textDocument(),
        position,
      });
      return (items as CompletionItem[]).map(({ label }) => label);
    };
    await expect.poll(labels).toContain('conv1');
  });

  it('explain a key', async () => {
    await session.open(uri, config);
    const position = { line: 2, character: 12 };
    const hover = (await session.client.sendRequest(HoverRequest.type, {
      textDocument: textDocument(),
      position,
    })) as Hover;
    expect(hover.contents).toMatchObject({ value: expect.stringContaining('Share of the FLOPs to keep') });
  });

  it('mend a typo', async () => {
    await session.open(uri, config.replace('mnist', 'mnits'));
    await session.diagnostics(uri, ({ length }) => length === 1);
    const actions = await session.client.sendRequest(CodeActionRequest.type, {
      textDocument: textDocument(),
      range: { start: { line: 1, character: 10 }, end: { line: 1, character: 10 } },
      context: { diagnostics: [] },
    });
    const [fix] = actions as CodeAction[];
    expect(fix?.title).toBe('Change to mnist');
    expect(fix?.edit?.changes?.[uri]).toMatchObject([{ newText: 'mnist' }]);
  });

  it('say beside a target what it comes to', async () => {
    await session.open(uri, config);
    const hints = async (): Promise<unknown> => {
      const found = await session.client.sendRequest(InlayHintRequest.type, {
        textDocument: textDocument(),
        range: wholeRange,
      });
      return (found as InlayHint[])[0]?.label;
    };
    await expect.poll(hints).toMatch(/^= .* FLOPs, .* params$/);
  });

  it('offer to run above the config', async () => {
    await session.open(uri, config);
    const lenses = await session.client.sendRequest(CodeLensRequest.type, { textDocument: textDocument() });
    expect(lenses?.map(({ command }) => command?.command)).toEqual(['pocketflow.runCompression', 'pocketflow.dryRun']);
  });

  it('lead to the model file', async () => {
    await session.open(uri, config.replace('lenet', './lenet.onnx'));
    const links = await session.client.sendRequest(DefinitionRequest.type, {
      textDocument: textDocument(),
      position: { line: 0, character: 10 },
    });
    expect(links).toMatchObject([{ targetUri: pathToFileURL(join(folder, 'lenet.onnx')).href }]);
  });

  it('rename an anchor, and say why not', async () => {
    await session.open(uri, `${config}training: &t { epochs: 1 }\nbaseline: *t\n`);
    const at = { textDocument: textDocument(), position: { line: 3, character: 11 } };
    expect(await session.client.sendRequest(PrepareRenameRequest.type, at)).toMatchObject({ start: { character: 11 } });
    const edit = await session.client.sendRequest(RenameRequest.type, { ...at, newName: 'short' });
    expect(edit?.changes?.[uri]).toHaveLength(2);
    await expect(session.client.sendRequest(RenameRequest.type, { ...at, newName: 'a b' })).rejects.toThrow(/spaces/);
  });

  it('lay the text out', async () => {
    await session.open(uri, 'model:   lenet # zoo\ndataset: mnist\ntarget: {flops: 0.5}\n');
    const edits = await session.client.sendRequest(DocumentFormattingRequest.type, {
      textDocument: textDocument(),
      options: { tabSize: 2, insertSpaces: true },
    });
    expect(edits).toMatchObject([{ newText: 'model: lenet # zoo\ndataset: mnist\ntarget: { flops: 0.5 }\n' }]);
  });

  it('of a config that it does not know are empty', async () => {
    const position = { line: 0, character: 0 };
    expect(await session.client.sendRequest(HoverRequest.type, { textDocument: textDocument(), position })).toBeNull();
  });
});
