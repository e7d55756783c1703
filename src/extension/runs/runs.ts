import { commands, EventEmitter, type Disposable, type Uri } from 'vscode';
import type { EngineClient } from '../../protocol/engine-client';
import type { Outcome, RunReference } from '../../protocol/messages';
import { emptyState, reduceRun, type RunState } from '../../runs/snapshot';
import { contextKeys } from '../ids';
import type { Engine } from './engine';

/** The run that this window has under way. */
export interface ActiveRun {
  readonly config: Uri;
  readonly reference: RunReference;
  readonly state: RunState;
}

/** What a run is started from. */
export type Origin =
  { readonly config: Uri; readonly workspace: string } | { readonly config: Uri; readonly run: string };

/** Starts runs, one at a time, and says how the one under way is doing. */
export class Runs implements Disposable {
  private readonly changed = new EventEmitter<ActiveRun | undefined>();
  /** With the run under way, or with nothing once it has ended. */
  readonly onDidChange = this.changed.event;
  private client: EngineClient | undefined;
  private run: ActiveRun | undefined;

  constructor(private readonly engine: Engine) {}

  get active(): ActiveRun | undefined {
    return this.run;
  }

  get busy(): boolean {
    return this.client !== undefined;
  }

  /**
   * Starts or resumes a run and waits for its end. `onStart` is called once it has a folder.
   * @throws ConfigError, EngineError, EngineCrashError.
   */
  async work(origin: Origin, onStart: (run: RunReference) => void): Promise<Outcome> {
    let state = emptyState;
    let reference: RunReference | undefined;
    const update = (): void => {
      if (!reference) return;
      this.run = { config: origin.config, reference, state };
      this.changed.fire(this.run);
    };
    const client = await this.engine.start((event) => {
      state = reduceRun(state, event);
      update();
    });
    this.client = client;
    await setRunning(true);
    try {
      const threads = this.engine.threads;
      reference =
        'run' in origin
          ? await client.resume({ runDirectory: origin.run, threads })
          : await client.compress({ configPath: origin.config.fsPath, workspace: origin.workspace, threads });
      update();
      onStart(reference);
      return await client.outcome();
    } finally {
      this.run = undefined;
      this.client = undefined;
      this.changed.fire(undefined);
      await Promise.all([client.close(), setRunning(false)]);
    }
  }

  async stop(): Promise<void> {
    await this.client?.stop('asked for by the user');
  }

  dispose(): void {
    this.changed.dispose();
    void this.client?.close();
  }
}

async function setRunning(running: boolean): Promise<void> {
  await commands.executeCommand('setContext', contextKeys.running, running);
}
