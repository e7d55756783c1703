import { fileURLToPath } from 'node:url';
import {
  CodeActionKind,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  type CancellationToken,
  type Connection,
  type InitializeResult,
} from 'vscode-languageserver';
import { codeLenses } from '../language/code-lenses';
import { complete } from '../language/complete';
import { definition } from '../language/definition';
import { documentLinks } from '../language/document-links';
import { foldingRanges } from '../language/folding';
import { format } from '../language/format';
import { hover } from '../language/hover';
import { inlayHints } from '../language/inlay-hints';
import { quickFixes } from '../language/quick-fixes';
import { refactorings } from '../language/refactorings';
import { references, rename, renameRange } from '../language/rename';
import { selectionRanges } from '../language/selection-ranges';
import { semanticTokens, tokenTypes } from '../language/semantic-tokens';
import { symbols } from '../language/symbols';
import { initialization, languageNotifications } from '../protocol/language';
import { Configs, type Config } from './configs';
import { uriOf } from './find-surroundings';
import type { OutlookProvider } from './outlooks';

const capabilities: InitializeResult['capabilities'] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  completionProvider: { triggerCharacters: [':', ' ', '{', '[', ',', '"', "'", '/', '-'] },
  hoverProvider: true,
  codeActionProvider: {
    codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorExtract, CodeActionKind.RefactorRewrite],
  },
  codeLensProvider: {},
  inlayHintProvider: true,
  documentLinkProvider: {},
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  semanticTokensProvider: { legend: { tokenTypes: [...tokenTypes], tokenModifiers: [] }, full: true },
  documentFormattingProvider: true,
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

/** What the server looks at on disk besides configs. */
const watched = [
  '**/{.pocketflow,*.pocketflow}.{yaml,yml}',
  '**/*.onnx',
  '**/model.json',
  '**/.pocketflow/runs/*/journal.jsonl',
];

/** Answers an editor's questions about configs over a connection. */
export function serve(connection: Connection, outlooks: OutlookProvider): void {
  const roots = new Set<string>();
  let home: string | undefined;
  let trusted = false;
  const refresh = (): void => {
    // Not every client can; one that can't asks again by itself.
    void connection.languages.inlayHint.refresh().catch(() => undefined);
    void connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
  };
  const configs = new Configs(
    connection,
    () => ({ outlooks, roots: [...roots], trusted }),
    () => home,
    refresh,
  );
  const addRoots = (uris: readonly string[]): void => {
    for (const uri of uris) if (uri.startsWith('file:')) roots.add(fileURLToPath(uri));
  };

  connection.onInitialize(({ workspaceFolders, initializationOptions }) => {
    const options = initialization.safeParse(initializationOptions);
    if (options.success) ({ home, trusted } = options.data);
    addRoots((workspaceFolders ?? []).map(({ uri }) => uri));
    return { capabilities, serverInfo: { name: 'PocketFlow' } };
  });
  connection.onInitialized(() => {
    const watchers = watched.map((globPattern) => ({ globPattern }));
    void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => undefined);
  });
  connection.onDidOpenTextDocument(({ textDocument: { uri, text, version } }) => configs.open(uri, text, version));
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) =>
    configs.change(uri, contentChanges, version),
  );
  connection.onDidCloseTextDocument(({ textDocument }) => void configs.close(textDocument.uri));
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) if (/pocketflow\.ya?ml$/.test(uri)) void configs.reload(uri);
    configs.refresh();
  });
  connection.onNotification(
    'workspace/didChangeWorkspaceFolders',
    (params: { event: { added: { uri: string }[] } }) => {
      addRoots(params.event.added.map(({ uri }) => uri));
      configs.refresh();
    },
  );
  connection.onNotification(languageNotifications.configs, ({ uris }: { uris: string[] }) => {
    for (const uri of uris) void configs.reload(uri);
  });
  connection.onNotification(languageNotifications.trusted, () => {
    trusted = true;
    configs.refresh();
  });
  connection.onShutdown(() => {
    configs.dispose();
    outlooks.dispose();
  });

  /** Finds the config that is asked about; what goes wrong is told and ends no more than this answer. */
  const about =
    <P extends { textDocument: { uri: string } }, R>(answer: (config: Config, params: P) => R, otherwise: R) =>
    (params: P, token?: CancellationToken): R | ResponseError<void> => {
      if (token?.isCancellationRequested) return new ResponseError(-32800, 'cancelled');
      const config = configs.get(params.textDocument.uri);
      if (!config) return otherwise;
      try {
        return answer(config, params);
      } catch (error) {
        if (error instanceof RangeError) return new ResponseError(ErrorCodes.InvalidParams, error.message);
        connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        return otherwise;
      }
    };

  connection.onCompletion(about(({ document, around }, { position }) => complete(document, position, around), []));
  connection.onHover(about(({ document, around }, { position }) => hover(document, position, around) ?? null, null));
  connection.onCodeAction(
    about(
      ({ document, around }, { range }) => [
        ...quickFixes(document, range, around),
        ...refactorings(document, range, around),
      ],
      [],
    ),
  );
  connection.onCodeLens(about(({ document, around }) => codeLenses(document, around), []));
  connection.languages.inlayHint.on(
    about(({ document, around }, { range }) => inlayHints(document, range, around), []),
  );
  connection.onDocumentLinks(about(({ document, files }) => documentLinks(document, (name) => uriOf(files, name)), []));
  connection.onDefinition(
    about(({ document, files }, { position }) => definition(document, position, (name) => uriOf(files, name)), []),
  );
  connection.onReferences(about(({ document }, { position }) => references(document, position), []));
  connection.onPrepareRename(about(({ document }, { position }) => renameRange(document, position) ?? null, null));
  connection.onRenameRequest(
    about(({ document }, { position, newName }) => rename(document, position, newName) ?? null, null),
  );
  connection.onDocumentSymbol(about(({ document }) => symbols(document), []));
  connection.onFoldingRanges(about(({ document }) => foldingRanges(document), []));
  connection.onSelectionRanges(about(({ document }, { positions }) => selectionRanges(document, positions), []));
  connection.languages.semanticTokens.on(about(({ document }) => ({ data: semanticTokens(document) }), { data: [] }));
  connection.onDocumentFormatting(about(({ document }, { options }) => format(document, options), []));
  connection.listen();
}
