import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { EventBody, ModelFacts, RunEvent } from './events';
import { journalPath, runsDirectory } from './paths';
import { parseJournal, statusOf, type RunStatus } from './read';
import { RunError } from './run-error';
import { emptyState, reduceRun } from './snapshot';

export interface RunSummary {
  readonly id: string;
  readonly directory: string;
  readonly status: RunStatus;
  readonly configPath?: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly updatedAt: string;
  /** Of a finished run. */
  readonly before?: ModelFacts;
  readonly after?: ModelFacts;
  /** What a run that has not ended is at. */
  readonly phase?: EventBody<'phase.started'>;
  readonly progress?: EventBody<'progress'>;
  /** Of the last epoch, percent. */
  readonly validationAccuracy?: number;
  /** Whether it searches, and how many trials it has begun as far as its last events tell. */
  readonly search?: { readonly trials: number };
  /** Whether it has said what becomes of each layer. */
  readonly hasLayers: boolean;
  readonly artifacts: readonly EventBody<'artifact'>[];
}

/** The start of a run holds its config; the end says how it went. What lies between is not needed for a list. */
const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 64 * 1024;

/** The runs of a workspace, the latest first. Folders without a readable journal are left out. */
export async function listRuns(root: string): Promise<RunSummary[]> {
  const parent = runsDirectory(root);
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const summaries = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => summarizeRun(join(parent, entry.name))),
  );
  return summaries.filter((summary) => summary !== undefined).sort((a, b) => (a.id < b.id ? 1 : -1));
}

/**
 * The folder of the run that a person means by an id, the beginning of one, a folder, or `latest`.
 * @throws RunError when there is none, or several.
 */
export async function findRun(root: string, wanted: string): Promise<string> {
  const runs = await listRuns(root);
  const latest = runs[0];
  if (wanted === 'latest' && latest) return latest.directory;
  const hits = runs.filter(({ id, directory }) => id === wanted || directory === resolve(root, wanted));
  const [hit, second] = hits.length > 0 ? hits : runs.filter(({ id }) => id.startsWith(wanted));
  if (hit && !second) return hit.directory;
  if (hit) throw new RunError(`several runs begin with "${wanted}"`, 'write more of the id');
  // A run of another workspace, by its folder.
  const elsewhere = await summarizeRun(resolve(root, wanted));
  if (elsewhere) return elsewhere.directory;
  throw new RunError(
    `there is no run "${wanted}" in ${runsDirectory(root)}`,
    latest
      ? `the latest is ${latest.id}; pocketflow runs list shows all`
      : 'start one with: pocketflow compress CONFIG',
  );
}

/** What a list says of the run in a folder; undefined where there is none. */
export async function summarizeRun(directory: string): Promise<RunSummary | undefined> {
  const file = await open(journalPath(directory), 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const text =
      size <= HEAD_BYTES + TAIL_BYTES
        ? await readPart(file, 0, size)
        : // Cut lines on both sides of the gap are no events, so they drop out.
          `${await readPart(file, 0, HEAD_BYTES)}\n${await readPart(file, size - TAIL_BYTES, TAIL_BYTES)}`;
    const events = parseJournal(text);
    const state = events.reduce(reduceRun, emptyState);
    if (state.id === '') return undefined;
    const { id, configPath, startedAt, updatedAt, before, after, phase, progress, artifacts } = state;
    const status = statusOf(state.status, directory);
    const search = trialsIn(events);
    return {
      ...{ id, directory, status, configPath, startedAt, updatedAt, before, after, phase, progress, artifacts },
      validationAccuracy: state.epochs.at(-1)?.validationAccuracy,
      ...(search && { search }),
      // A journal that is longer than what was read has got to its layers long ago.
      hasLayers: state.layers.size > 0 || size > HEAD_BYTES + TAIL_BYTES,
    };
  } finally {
    await file.close();
  }
}

function trialsIn(events: readonly RunEvent[]): RunSummary['search'] {
  if (!events.some(({ type }) => type.startsWith('search.') || type.startsWith('trial.'))) return undefined;
  const last = events.findLast((event) => event.type === 'trial.started');
  return { trials: last ? last.trial + 1 : 0 };
}

async function readPart(file: FileHandle, start: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  return buffer.toString('utf8', 0, bytesRead);
}
