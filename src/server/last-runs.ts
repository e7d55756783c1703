import type { LastRun } from '../language/surroundings';
import { listRuns } from '../runs/list';
import { readRun } from '../runs/read';

/** The latest run of a config, of those kept in the folders of the workspace. */
export async function lastRunOf(configPath: string, roots: readonly string[]): Promise<LastRun | undefined> {
  const runs = (await Promise.all(roots.map((root) => listRuns(root)))).flat();
  const own = runs
    .filter((run) => run.configPath === configPath)
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt))[0];
  if (!own) return undefined;
  const { id, directory, status, startedAt } = own;
  const { layers } = await readRun(directory);
  const latest = [...layers].sort(([a], [b]) => b - a)[0]?.[1] ?? [];
  return { id, directory, status, startedAt, layers: latest };
}
