import {
  languages,
  LanguageStatusSeverity,
  l10n,
  Uri,
  workspace,
  type Disposable,
  type LogOutputChannel,
} from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { languageNotifications, type Initialization } from '../../protocol/language';
import { commandIds, configGlob, languageId } from '../ids';
import { onFileRequests } from './file-requests';

/** The language server's process, and what the user sees of its state. Starts and restarts one at a time. */
export class LanguageServer implements Disposable {
  private readonly status = languages.createLanguageStatusItem('pocketflow.language', { language: languageId });
  private readonly subscriptions: Disposable[] = [this.status];
  private client: LanguageClient | undefined;
  /** Ends when everything that was asked for has been done. */
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly extensionUri: Uri,
    private readonly log: LogOutputChannel,
  ) {
    this.status.name = 'PocketFlow';
    this.status.command = { title: l10n.t('Restart'), command: commandIds.restartLanguage };
    this.subscriptions.push(
      workspace.onDidGrantWorkspaceTrust(() => void this.client?.sendNotification(languageNotifications.trusted)),
      workspace.onDidChangeWorkspaceFolders(() => void this.announceConfigs()),
    );
    void this.restart();
  }

  /** Starts the server, after stopping it where it runs. */
  restart(): Promise<void> {
    this.queue = this.queue.then(async () => {
      await this.stop();
      await this.start();
    });
    return this.queue;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    void this.queue.then(() => this.stop());
  }

  private async start(): Promise<void> {
    this.show(l10n.t('Starting'), true);
    try {
      const { LanguageClient, State, TransportKind } = await import('vscode-languageclient/node');
      const module = Uri.joinPath(this.extensionUri, 'dist', 'server.cjs').fsPath;
      const client = new LanguageClient(
        languageId,
        'PocketFlow',
        { module, transport: TransportKind.ipc },
        {
          documentSelector: [{ language: languageId }],
          initializationOptions: {
            home: this.extensionUri.toString(),
            trusted: workspace.isTrusted,
          } satisfies Initialization,
          outputChannel: this.log,
          markdown: { isTrusted: false },
          middleware: {
            // The left side of a diff is of the past.
            didOpen: async (document, next) => {
              if (document.uri.scheme !== 'git') await next(document);
            },
          },
        },
      );
      this.client = client;
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) this.show(l10n.t('Configs are checked'));
        if (newState === State.Stopped) this.show(l10n.t('Stopped'));
      });
      onFileRequests(client);
      await client.start();
      await this.announceConfigs();
    } catch (error) {
      this.log.error(error instanceof Error ? error : String(error));
      this.show(l10n.t('Configs are not checked: the language server did not start'));
      this.status.severity = LanguageStatusSeverity.Error;
    }
  }

  private async stop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.dispose().catch((error: unknown) => this.log.warn(String(error)));
  }

  /** Tells of configs that are not open, so that they are checked as well. */
  private async announceConfigs(): Promise<void> {
    const found = await workspace.findFiles(configGlob, '**/node_modules/**');
    await this.client?.sendNotification(languageNotifications.configs, { uris: found.map((uri) => uri.toString()) });
  }

  private show(text: string, busy = false): void {
    this.status.text = text;
    this.status.busy = busy;
    this.status.severity = LanguageStatusSeverity.Information;
  }
}
