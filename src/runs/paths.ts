import { join } from 'node:path';

/** Folder of all runs of a workspace. */
export function runsDirectory(root: string): string {
  return join(root, '.pocketflow', 'runs');
}

export function journalPath(runDirectory: string): string {
  return join(runDirectory, 'journal.jsonl');
}

export function lockPath(runDirectory: string): string {
  return join(runDirectory, 'lock');
}
