import { execFile, spawn, type ChildProcess } from 'node:child_process';
import {
  createWriteStream,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cacheDir } from '../../../src/engine/cache-dir';
import { codeServerPath, outputPath } from './paths';

const START_MS = 30_000;

const userSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.startupPrompt': 'never',
  'window.commandCenter': false,
};

export interface CodeServerOptions {
  /** For the names of its logs. */
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Puts more into the workspace before the editor opens it. */
  readonly prepare?: (workspace: string) => void;
  /** A packed extension to install; else the checkout is loaded as one under development. */
  readonly vsix?: string;
  /** Whether the editor asks before it trusts a folder. */
  readonly workspaceTrust?: boolean;
}

/** An editor with a home, settings and a copy of the fixture workspace of its own, all gone when it is stopped. */
export class CodeServer {
  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
    /** Host and port. */
    readonly address: string,
    /** The copy of test/e2e/workspace. */
    readonly workspace: string,
    private readonly logPath: string,
    /** Whether the extension is installed in it. */
    readonly hasExtension: boolean,
  ) {}

  static async start(options: CodeServerOptions): Promise<CodeServer> {
    const { name, env, settings, prepare, vsix, workspaceTrust = false } = options;
    const folder = mkdtempSync(join(tmpdir(), 'pocketflow-e2e-'));
    const home = join(folder, 'home');
    const userData = join(folder, 'data');
    const workspace = join(folder, 'workspace');
    mkdirSync(home);
    mkdirSync(join(userData, 'User'), { recursive: true });
    writeFileSync(join(userData, 'User/settings.json'), JSON.stringify({ ...userSettings, ...settings }));
    cpSync(join(import.meta.dirname, '../workspace'), workspace, { recursive: true });
    prepare?.(workspace);
    const extensions = ['--extensions-dir', join(folder, 'extensions'), '--user-data-dir', userData];
    if (vsix !== undefined) {
      const install = [codeServerPath(), ...extensions, '--install-extension', vsix];
      await promisify(execFile)(process.execPath, install, { env: { PATH: process.env['PATH'], HOME: home } });
    }

    const address = `127.0.0.1:${await freePort()}`;
    const logPath = join(outputPath, `${name}.code-server.log`);
    const child = spawn(
      process.execPath,
      [
        codeServerPath(),
        ...['--auth', 'none', '--bind-addr', address, ...extensions],
        ...['--disable-telemetry', '--disable-update-check'],
        ...(workspaceTrust ? [] : ['--disable-workspace-trust']),
      ],
      {
        env: {
          PATH: process.env['PATH'],
          LANG: 'C.UTF-8',
          HOME: home,
          EXTENSIONS_GALLERY: '{"serviceUrl":""}',
          // Data sets are fetched once for all, in the way that the user has set up npm.
          POCKETFLOW_CACHE: cacheDir(),
          npm_config_userconfig: process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc'),
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
        // Its own group, so that what it has forked ends with it.
        detached: true,
      },
    );
    const log = createWriteStream(logPath);
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const server = new CodeServer(name, child, folder, address, workspace, logPath, vsix !== undefined);
    try {
      await server.answers();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** What it has printed. */
  get log(): string {
    return readFileSync(this.logPath, 'utf8');
  }

  async stop(): Promise<void> {
    const { pid } = this.child;
    if (pid !== undefined && this.child.exitCode === null) {
      const exited = new Promise((resolve) => this.child.once('exit', resolve));
      process.kill(-pid, 'SIGTERM');
      const late = setTimeout(3000, 'late');
      if ((await Promise.race([exited, late])) === 'late') process.kill(-pid, 'SIGKILL');
    }
    this.keepLogs();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** What the extension has logged, for whoever looks into a failure. */
  private keepLogs(): void {
    const logs = join(this.folder, 'data/logs');
    const names = existsSync(logs) ? readdirSync(logs, { recursive: true, encoding: 'utf8' }) : [];
    const own = names.filter((name) => name.endsWith('PocketFlow.log')).map((name) => readFileSync(join(logs, name)));
    writeFileSync(join(outputPath, `${this.name}.pocketflow.log`), Buffer.concat(own));
  }

  private async answers(): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (Date.now() < deadline && this.child.exitCode === null) {
      const response = await fetch(`http://${this.address}/healthz`).catch(() => undefined);
      if (response?.ok) return;
      await setTimeout(100);
    }
    throw new Error(`code-server does not answer:\n${this.log}`);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
