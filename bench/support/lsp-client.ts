import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  CompletionRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node';

export interface Server {
  readonly module: string;
  readonly languageId: string;
  readonly initializationOptions: unknown;
  /** Answer to `workspace/configuration`, by section. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** An editor that has one document open, over the pipes of a server's process. */
export class LspClient {
  private version = 1;
  private published: PublishDiagnosticsParams[] = [];
  private watch: () => void = () => undefined;

  private constructor(
    private readonly process: ChildProcess,
    private readonly client: ProtocolConnection,
    private readonly uri: string,
    private readonly server: Server,
  ) {
    client.onNotification(PublishDiagnosticsNotification.type, (params) => {
      if (params.uri !== uri) return;
      this.published.push(params);
      this.watch();
    });
    client.onRequest(RegistrationRequest.type, () => undefined);
    client.onRequest('client/unregisterCapability', () => null);
    client.onRequest('workspace/inlayHint/refresh', () => null);
    client.onRequest('workspace/codeLens/refresh', () => null);
    client.onRequest('workspace/configuration', ({ items }: { items: { section?: string }[] }) =>
      items.map(({ section }) => server.settings[section ?? ''] ?? null),
    );
    client.onRequest('custom/schema/request', () => []);
    client.onRequest('vscode/content', (address: string) => readFileSync(new URL(address), 'utf8'));
    // Each server has some of its own.
    client.onUnhandledNotification(() => undefined);
  }

  /** Starts a server; the time counts from before its process until it has published what it finds in the document. */
  static async start(server: Server, uri: string, folder: string, text: string): Promise<[LspClient, number]> {
    const started = performance.now();
    const child = spawn(process.execPath, [server.module, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const client = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const session = new LspClient(child, client, uri, server);
    client.listen();
    await client.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: folder,
      capabilities: {
        textDocument: { hover: { contentFormat: ['markdown'] }, publishDiagnostics: { versionSupport: true } },
        workspace: { configuration: true },
      },
      workspaceFolders: [{ uri: folder, name: 'bench' }],
      initializationOptions: server.initializationOptions,
    });
    await client.sendNotification(InitializedNotification.type, {});
    await client.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: server.languageId, version: 1, text },
    });
    await session.nextDiagnostics();
    return [session, performance.now() - started];
  }

  /** Puts `text` in place of `length` characters of a line. */
  async edit({ line, character }: Position, length: number, text: string): Promise<void> {
    this.published = [];
    const range = { start: { line, character }, end: { line, character: character + length } };
    await this.client.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri: this.uri, version: ++this.version },
      contentChanges: [{ range, text }],
    });
  }

  /** Labels of what completion offers. */
  async complete(position: Position): Promise<string[]> {
    const found = await this.client.sendRequest(CompletionRequest.type, { textDocument: { uri: this.uri }, position });
    return (Array.isArray(found) ? found : (found?.items ?? [])).map(({ label }) => label);
  }

  async hover(position: Position): Promise<string> {
    const found = await this.client.sendRequest(HoverRequest.type, { textDocument: { uri: this.uri }, position });
    return JSON.stringify(found?.contents ?? '');
  }

  /** The next diagnostics since the latest edit. */
  nextDiagnostics(): Promise<PublishDiagnosticsParams> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${this.server.module} publishes nothing`)), 60_000);
      this.watch = () => {
        const last = this.published.at(-1);
        if (!last) return;
        clearTimeout(late);
        this.watch = () => undefined;
        resolve(last);
      };
      this.watch();
    });
  }

  end(): void {
    this.client.dispose();
    this.process.kill();
  }
}
