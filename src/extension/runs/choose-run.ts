import { Uri, window } from 'vscode';
import type { RunSummary } from '../../runs/list';
import type { RunList } from './run-list';
import { configName, runDescription } from './run-words';

export interface RunChoice {
  readonly accepts: (run: RunSummary) => boolean;
  readonly placeholder: string;
  /** What to say when there is no run that is accepted. */
  readonly none: string;
}

/** The folder of the run that is meant: the one given, the only one that is accepted, or the one picked. */
export async function chooseRun(
  list: RunList,
  given: unknown,
  { accepts, placeholder, none }: RunChoice,
): Promise<Uri | undefined> {
  const named = runFolder(given);
  if (named) return named;
  const found = list.runs.filter(accepts);
  if (found.length === 0) void window.showInformationMessage(none);
  if (found.length === 1) return Uri.file(found[0].directory);
  if (found.length === 0) return undefined;
  const picked = await window.showQuickPick(found.map(runItem), { placeHolder: placeholder, matchOnDescription: true });
  return picked && Uri.file(picked.run.directory);
}

/** As `chooseRun`, where what is given may also be a config: the latest run of it that is accepted is meant. */
export function chooseRunOf(list: RunList, given: unknown, choice: RunChoice): Promise<Uri | undefined> {
  const edited = given ?? window.activeTextEditor?.document.uri;
  if (!(edited instanceof Uri)) return chooseRun(list, edited, choice);
  if (list.runs.some(({ directory }) => directory === edited.fsPath)) return Promise.resolve(edited);
  const latest = list.latestOf(edited.fsPath, choice.accepts);
  return latest ? Promise.resolve(Uri.file(latest.directory)) : chooseRun(list, undefined, choice);
}

/** A run as an entry of a quick pick. */
export function runItem(run: RunSummary): { label: string; description: string; detail: string; run: RunSummary } {
  return {
    label: configName(run),
    description: runDescription(run),
    detail: new Date(run.startedAt).toLocaleString(),
    run,
  };
}

/** The folder that a command's argument stands for: a URI from a panel, a node from the tree. */
export function runFolder(given: unknown): Uri | undefined {
  if (given instanceof Uri) return given;
  const isNode =
    typeof given === 'object' && given !== null && 'kind' in given && given.kind === 'run' && 'run' in given;
  return isNode ? Uri.file((given.run as RunSummary).directory) : undefined;
}
