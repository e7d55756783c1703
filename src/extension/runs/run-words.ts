import { basename } from 'node:path';
import type { RunSummary } from '../../runs/list';
import { duration, percent, share } from '../../runs/units';
import { progressText } from './progress-text';

export const statusWords: Readonly<Record<RunSummary['status'], string>> = {
  running: 'running',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'failed',
  dead: 'interrupted',
};

/** Name of a run's config; of one without, its id. */
export function configName({ configPath, id }: Pick<RunSummary, 'configPath' | 'id'>): string {
  return configPath === undefined ? id : basename(configPath);
}

export function isResumable({ status }: Pick<RunSummary, 'status'>): boolean {
  return status === 'stopped' || status === 'failed' || status === 'dead';
}

/** How a run does, in a few words: what it came to, or how far it is. */
export function runDescription(run: RunSummary): string {
  const { status, before, after, search, validationAccuracy } = run;
  if (status === 'finished' && after) {
    const kept = before && before.flops > 0 ? `${share(after.flops / before.flops)} FLOPs` : '';
    return [after.accuracy === undefined ? '' : percent(after.accuracy), kept].filter(Boolean).join(' · ');
  }
  const parts = [
    status === 'running' ? progressText(run) : statusWords[status],
    ...(search && search.trials > 0 ? [`trial ${search.trials}`] : []),
    ...(validationAccuracy === undefined ? [] : [`validation ${percent(validationAccuracy)}`]),
  ];
  return parts.join(' · ');
}

/** All that a list knows of a run, as Markdown. */
export function runDetails(run: RunSummary): string {
  const { id, status, startedAt, updatedAt, before, after, artifacts } = run;
  const seconds = (Date.parse(updatedAt) - Date.parse(startedAt)) / 1000;
  const accuracy =
    before?.accuracy === undefined || after?.accuracy === undefined
      ? []
      : [`accuracy ${percent(before.accuracy)} → ${percent(after.accuracy)}`];
  return [
    `**${configName(run)}**: ${statusWords[status]}`,
    runDescription(run),
    ...accuracy,
    `started ${new Date(startedAt).toLocaleString()}, ${duration(Math.max(0, seconds))}`,
    ...(artifacts.length > 0 ? [`${artifacts.length} model files`] : []),
    `\`${id}\``,
  ].join('\n\n');
}
