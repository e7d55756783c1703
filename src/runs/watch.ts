import { watch } from 'chokidar';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { summarizeRun, type RunSummary } from './list';
import { journalPath, lockPath, runsDirectory } from './paths';
import { statusOf } from './read';

export interface WatchOptions {
  /** Least time between two looks, milliseconds. */
  readonly throttle?: number;
  /** Longest time that passes unnoticed: where the file system reports nothing, and when a process dies. */
  readonly pollInterval?: number;
}

/**
 * Tells `listener` the runs of a workspace, the latest first: at once, and whenever that changes, whoever changes it.
 * Returns what ends it.
 */
export function watchRuns(
  root: string,
  listener: (runs: readonly RunSummary[]) => void,
  { throttle = 300, pollInterval = 2000 }: WatchOptions = {},
): () => Promise<void> {
  const index = new RunIndex(root);
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  let closed = false;
  const look = async (): Promise<void> => {
    timer = undefined;
    if (looking) {
      again = true;
      return;
    }
    looking = index.look().then((changed) => {
      if (changed && !closed) listener(index.runs);
    });
    await looking;
    looking = undefined;
    if (again && !closed) ring();
    again = false;
  };
  const ring = (): void => {
    timer ??= setTimeout(() => void look(), throttle);
  };
  const watcher = watch(root, { ignored: (path) => !isOfRuns(root, path), ignoreInitial: true }).on('all', ring);
  const poll = setInterval(ring, pollInterval);
  void look();
  return async () => {
    closed = true;
    clearTimeout(timer);
    clearInterval(poll);
    await watcher.close();
    await looking;
  };
}

/** The workspace may be large; only journals and locks are looked at. */
function isOfRuns(root: string, path: string): boolean {
  const absolute = resolve(path);
  const runs = runsDirectory(root);
  if (absolute === resolve(root) || absolute === dirname(runs) || absolute === runs) return true;
  if (dirname(absolute) === runs) return true;
  const run = dirname(absolute);
  return dirname(run) === runs && (absolute === journalPath(run) || absolute === lockPath(run));
}

interface Entry {
  /** Size and time of the journal when it was read. */
  readonly version: string;
  readonly summary: RunSummary | undefined;
}

/** The runs of a workspace; a journal is read again only when it has changed. */
class RunIndex {
  runs: readonly RunSummary[] = [];
  private entries = new Map<string, Entry>();
  private first = true;

  constructor(private readonly root: string) {}

  /** Looks again; whether anything is different. */
  async look(): Promise<boolean> {
    const parent = runsDirectory(this.root);
    const names = await readdir(parent).catch(() => []);
    const entries = await Promise.all(
      names.map(async (name) => [name, await this.entry(join(parent, name), this.entries.get(name))] as const),
    );
    const changed =
      this.first || entries.length !== this.entries.size || entries.some(([name, e]) => this.entries.get(name) !== e);
    this.first = false;
    this.entries = new Map(entries);
    if (changed) {
      this.runs = entries
        .map(([, { summary }]) => summary)
        .filter((summary) => summary !== undefined)
        .sort((a, b) => (a.id < b.id ? 1 : -1));
    }
    return changed;
  }

  /** The old entry itself where nothing has changed. */
  private async entry(directory: string, old: Entry | undefined): Promise<Entry> {
    const info = await stat(journalPath(directory)).catch(() => undefined);
    const version = info ? `${info.size} ${info.mtimeMs}` : '';
    if (old?.version !== version) return { version, summary: info && (await summarizeRun(directory)) };
    const { summary } = old;
    if (summary?.status !== 'running' && summary?.status !== 'dead') return old;
    // A process that dies writes nothing.
    const status = statusOf('open', directory);
    return status === summary.status ? old : { version, summary: { ...summary, status } };
  }
}
