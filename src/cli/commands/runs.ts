import { listRuns, findRun, type RunSummary } from '../../runs/list';
import { readRun, type RunSnapshot, type RunStatus } from '../../runs/read';
import { runsDirectory } from '../../runs/paths';
import { note, print, printJson, type CliContext } from '../context';
import { exitCodes } from '../failure';
import { factsLine, factsTable } from '../facts-table';
import { searchText } from '../search-text';
import { renderTable } from '../table';
import { bytes, duration, percent, share } from '../../runs/units';

interface Flags {
  readonly json: boolean;
  readonly workspace: string;
}

/** `pocketflow runs list`. */
export async function listCommand(context: CliContext, { json, workspace }: Flags): Promise<number> {
  const runs = await listRuns(workspace);
  if (json) {
    printJson(context, { runs });
  } else if (runs.length === 0) {
    note(context, `no runs in ${runsDirectory(workspace)}`);
  } else {
    const columns = [
      { title: 'run' },
      { title: 'status' },
      { title: 'accuracy', align: 'right' },
      { title: 'FLOPs', align: 'right' },
      { title: 'file', align: 'right' },
    ] as const;
    print(
      context,
      renderTable(
        context,
        columns,
        runs.map((run) => summaryRow(context, run)),
      ),
    );
  }
  return exitCodes.done;
}

function summaryRow(context: CliContext, { id, status, before, after }: RunSummary): string[] {
  const kept = (key: 'flops' | 'bytes'): string => {
    const [old, now] = [before?.[key], after?.[key]];
    return old && now !== undefined ? share(now / old) : '';
  };
  const accuracy = after?.accuracy === undefined ? '' : percent(after.accuracy);
  return [id, coloured(context, status), accuracy, kept('flops'), kept('bytes')];
}

function coloured({ colors }: CliContext, status: RunStatus): string {
  const paint = {
    running: colors.cyan,
    finished: colors.green,
    stopped: colors.yellow,
    failed: colors.red,
    dead: colors.red,
  } as const;
  return paint[status](status);
}

/** `pocketflow runs show RUN`. */
export async function showCommand(context: CliContext, wanted: string, { json, workspace }: Flags): Promise<number> {
  const run = await readRun(await findRun(workspace, wanted));
  if (json)
    printJson(context, {
      ...run,
      layers: Object.fromEntries(run.layers),
      searches: Object.fromEntries(run.searches),
    });
  else print(context, describe(context, run));
  return exitCodes.done;
}

function describe(context: CliContext, run: RunSnapshot): string {
  const { id, status, directory, configPath, startedAt, before, after, artifacts, epochs, progress, phase } = run;
  const lines = [
    `${context.colors.bold(id)}  ${coloured(context, status)}`,
    `folder   ${directory}`,
    ...(configPath ? [`config   ${configPath}`] : []),
    `started  ${startedAt}${run.seconds === undefined ? '' : `, took ${duration(run.seconds)}`}`,
  ];
  if (run.executor)
    lines.push(`executor ${run.executor.name} ${run.executor.version}, ${run.executor.threads} threads`);
  if (status === 'running' && phase)
    lines.push(`now      ${phase.phase}${progress ? ` ${progress.step}/${progress.total}` : ''}`);
  const epoch = epochs.at(-1);
  if (epoch)
    lines.push(
      `epoch    ${epoch.epoch}/${epoch.epochs} of ${epoch.phase}, validation ${percent(epoch.validationAccuracy)}`,
    );
  if (run.failure)
    lines.push(`failed   ${run.failure.message}`, ...(run.failure.hint ? [`hint     ${run.failure.hint}`] : []));
  if (run.stopReason) lines.push(`stopped  ${run.stopReason}`);
  if (status === 'stopped' || status === 'failed' || status === 'dead')
    lines.push(`go on with: pocketflow resume ${id}`);
  for (const search of run.searches.values()) lines.push('', searchText(context, search));
  if (before && after) lines.push('', factsTable(context, before, after));
  else if (before) lines.push(`before   ${factsLine(before)}`);
  if (artifacts.length > 0) lines.push('', ...artifacts.map(({ path, bytes: size }) => `${path}  ${bytes(size)}`));
  return lines.join('\n');
}
