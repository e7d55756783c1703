import { Duplex } from 'node:stream';
import {
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node';
import { createConnection } from 'vscode-languageserver/node';
import type { OutlookProvider } from '../../../src/server/outlooks';
import { Outlooks } from '../../../src/engine/outlook';
import { serve } from '../../../src/server/serve';

/** A real client and a real server, joined by a stream in memory. */
export class Session {
  private version = 1;
  private readonly published: PublishDiagnosticsParams[] = [];
  private readonly watching = new Set<() => void>();

  private constructor(readonly client: ProtocolConnection) {
    client.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.published.push(params);
      for (const watch of this.watching) watch();
    });
    client.onRequest(RegistrationRequest.type, () => undefined);
    client.onRequest('workspace/inlayHint/refresh', () => null);
    client.onRequest('workspace/codeLens/refresh', () => null);
  }

  static async start({ trusted = true, folders = [] as string[] } = {}): Promise<Session> {
    const [toServer, toClient] = [new Channel(), new Channel()];
    const outlooks = new Outlooks();
    const provider: OutlookProvider = { of: (plan) => outlooks.of(plan), dispose: () => undefined };
    serve(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), provider);
    const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    const session = new Session(client);
    client.listen();
    await client.sendRequest(InitializeRequest.type, {
      processId: null,
      rootUri: null,
      capabilities: {},
      workspaceFolders: folders.map((uri) => ({ uri, name: uri })),
      initializationOptions: { home: 'file:///product', trusted },
    });
    await client.sendNotification(InitializedNotification.type, {});
    return session;
  }

  async open(uri: string, text: string): Promise<void> {
    const textDocument = { uri, languageId: 'pocketflow', version: this.version, text };
    await this.client.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  }

  async type(uri: string, at: Position, text: string): Promise<void> {
    await this.client.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: ++this.version },
      contentChanges: [{ range: { start: at, end: at }, text }],
    });
  }

  async close(uri: string): Promise<void> {
    await this.client.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  /** The diagnostics of a config, once they are as `accepts` wants them. */
  async diagnostics(uri: string, accepts: (found: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    const latest = (): PublishDiagnosticsParams | undefined => this.published.findLast((params) => params.uri === uri);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.watching.delete(look);
        reject(new Error(`waited in vain; the last diagnostics are ${JSON.stringify(latest()?.diagnostics)}`));
      }, 5000);
      const look = (): void => {
        const found = latest()?.diagnostics;
        if (!found || !accepts(found)) return;
        clearTimeout(late);
        this.watching.delete(look);
        resolve(found);
      };
      this.watching.add(look);
      look();
    });
  }

  async end(): Promise<void> {
    await this.client.sendRequest('shutdown');
    this.client.dispose();
  }
}

class Channel extends Duplex {
  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.push(chunk);
    done();
  }
  override _read(): void {
    // What is written is pushed at once.
  }
}
