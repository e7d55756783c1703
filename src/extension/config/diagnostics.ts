import {
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  workspace,
  type DiagnosticCollection,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { ConfigProblem } from '../../config/problem';
import { languageId } from '../ids';
import { toRange } from './range';

/** Long enough not to flicker while typing, short enough to feel immediate. */
const DELAY_MS = 150;

/** Marks what is wrong in open configs. */
export class ConfigDiagnostics implements Disposable {
  private readonly collection: DiagnosticCollection = languages.createDiagnosticCollection(languageId);
  private readonly pending = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: Disposable;

  constructor() {
    this.subscriptions = Disposable.from(
      workspace.onDidOpenTextDocument((document) => this.schedule(document, 0)),
      workspace.onDidChangeTextDocument(({ document }) => this.schedule(document, DELAY_MS)),
      workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
    );
    for (const document of workspace.textDocuments) this.schedule(document, 0);
  }

  /** Shows problems found elsewhere, such as files that are missing, until the text changes. */
  show(uri: Uri, problems: readonly ConfigProblem[]): void {
    this.collection.set(uri, problems.map(toDiagnostic));
  }

  dispose(): void {
    for (const timer of this.pending.values()) clearTimeout(timer);
    this.subscriptions.dispose();
    this.collection.dispose();
  }

  private schedule(document: TextDocument, delay: number): void {
    // The left side of a diff is of the past.
    if (document.languageId !== languageId || document.uri.scheme === 'git') return;
    const key = document.uri.toString();
    clearTimeout(this.pending.get(key));
    this.pending.set(
      key,
      setTimeout(() => void this.check(document), delay),
    );
  }

  private async check(document: TextDocument): Promise<void> {
    const { parseConfig } = await import('../../config/parse');
    if (document.isClosed) return;
    this.pending.delete(document.uri.toString());
    this.show(document.uri, parseConfig(document.getText()).problems);
  }

  private forget(uri: Uri): void {
    clearTimeout(this.pending.get(uri.toString()));
    this.pending.delete(uri.toString());
    this.collection.delete(uri);
  }
}

const severities = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning } as const;

function toDiagnostic({ range, message, severity, code }: ConfigProblem): Diagnostic {
  const diagnostic = new Diagnostic(toRange(range), message, severities[severity]);
  diagnostic.source = 'PocketFlow';
  diagnostic.code = code;
  return diagnostic;
}
