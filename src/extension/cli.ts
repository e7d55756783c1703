import { fork } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { Uri, workspace, type CancellationToken, type LogOutputChannel } from 'vscode';

export interface CliResult {
  /** null when it was cancelled. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line, run in a process of its own: work for which the extension host is no place. */
export class Cli {
  constructor(
    private readonly extensionUri: Uri,
    private readonly log: LogOutputChannel,
  ) {}

  /** Absolute path of its bundle. */
  get path(): string {
    return Uri.joinPath(this.extensionUri, 'dist', 'cli.js').fsPath;
  }

  /** The Node that it runs on. */
  get nodePath(): string {
    return workspace.getConfiguration('pocketflow').get<string>('engine.nodePath') || process.execPath;
  }

  async run(args: readonly string[], cancellation?: CancellationToken): Promise<CliResult> {
    this.log.info(`pocketflow ${args.join(' ')}`);
    const child = fork(this.path, args, {
      execPath: this.nodePath,
      execArgv: [],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const cancelling = cancellation?.onCancellationRequested(() => child.kill('SIGKILL'));
    try {
      const exited = new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', resolve);
      });
      const [code, stdout, stderr] = await Promise.all([exited, text(child.stdout!), text(child.stderr!)]);
      if (stderr) this.log.debug(stderr);
      return { code, stdout, stderr };
    } finally {
      cancelling?.dispose();
    }
  }
}
