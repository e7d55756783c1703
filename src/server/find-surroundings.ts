import { resolve } from 'node:path';
import { checkFiles } from '../config/files';
import type { RunPlan } from '../config/plan';
import { resolveConfig } from '../config/resolve';
import type { ConfigDocument } from '../language/document';
import type { Surroundings } from '../language/surroundings';
import { soundConfig } from '../language/what-if';
import type { ConfigFiles } from './files';
import { lastRunOf } from './last-runs';
import { nearbyFiles } from './nearby-files';
import type { OutlookProvider } from './outlooks';

export interface Finders {
  readonly outlooks: OutlookProvider;
  /** Folders of the workspace, absolute paths. */
  readonly roots: readonly string[];
  /** Whether files that the config names may be read. */
  readonly trusted: boolean;
}

/** Looks around for what a config names. `known` is what was found for the text before, which stands where nothing is. */
export async function findSurroundings(
  document: ConfigDocument,
  files: ConfigFiles,
  known: Surroundings,
  { outlooks, roots, trusted }: Finders,
): Promise<Surroundings> {
  const [nearby, lastRun] = await Promise.all([
    nearbyFiles(files.folder, files),
    files.path === undefined ? undefined : lastRunOf(files.path, roots).catch(() => undefined),
  ]);
  const found: Surroundings = { files: nearby, ...(lastRun && { lastRun }) };
  const { config } = document.check;
  const sound = config ?? soundConfig(document);
  // The model that was known last still helps to complete what is half typed.
  const lastModel = known.model && { model: known.model };
  if (!sound) return { ...found, ...lastModel };
  const plan = resolveConfig(sound, { baseDirectory: files.folder });
  const missing = await checkFiles(sound, plan, files);
  const canRead = missing.length === 0 && (isOfZoo(plan) || (trusted && files.path !== undefined));
  const outlook = canRead ? await outlooks.of(plan).catch(() => undefined) : undefined;
  if (!config) return { ...found, ...lastModel, ...(outlook && { model: outlook.model }) };
  return { ...found, missing, ...(outlook && { model: outlook.model, outlook: { stages: outlook.stages } }) };
}

/** Whether a plan is made of what comes with the product alone. */
function isOfZoo({ model, dataset }: RunPlan): boolean {
  return model.kind === 'zoo' && dataset.kind === 'builtin';
}

/** Address of a path that a config names. */
export function uriOf(files: ConfigFiles, name: string): string {
  return files.toUri(resolve(files.folder, name));
}
