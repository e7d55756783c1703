import { Uri, workspace, type LogOutputChannel } from 'vscode';
import type { EngineClient, EngineOptions } from '../../protocol/engine-client';

/** Starts engine processes the way the settings say. */
export class Engine {
  constructor(
    private readonly extensionUri: Uri,
    private readonly log: LogOutputChannel,
  ) {}

  async start(onEvent: EngineOptions['onEvent']): Promise<EngineClient> {
    const { EngineClient } = await import('../../protocol/engine-client');
    const nodePath = workspace.getConfiguration('pocketflow').get<string>('engine.nodePath');
    const client = EngineClient.start({
      modulePath: Uri.joinPath(this.extensionUri, 'dist', 'engine.js').fsPath,
      ...(nodePath ? { execPath: nodePath } : {}),
      onEvent,
      onLog: ({ level, text }) => this.log[level](text),
    });
    this.log.info(`engine: process ${client.pid ?? 'not started'}`);
    return client;
  }

  /** Threads where a config leaves them open; undefined: one for each core. */
  get threads(): number | undefined {
    return workspace.getConfiguration('pocketflow').get<number>('engine.threads') || undefined;
  }
}
