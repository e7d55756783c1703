import * as l10n from '@vscode/l10n';
import type { CodeLens } from 'vscode-languageserver-types';
import { editorCommands } from './commands';
import type { ConfigDocument } from './document';
import type { Surroundings } from './surroundings';

/** What can be done with a config, above its first line. */
export function codeLenses(document: ConfigDocument, { lastRun }: Surroundings = {}): CodeLens[] {
  if (!document.root) return [];
  const range = document.range({ start: document.root.start, end: document.root.start });
  const lens = (title: string, command: string, ...more: unknown[]): CodeLens => ({
    range,
    command: { title, command, arguments: [document.uri, ...more] },
  });
  return [
    lens(`$(play) ${l10n.t('Run')}`, editorCommands.run),
    lens(`$(beaker) ${l10n.t('Dry run')}`, editorCommands.dryRun),
    ...(lastRun ? [lens(`$(graph) ${l10n.t('Show last run')}`, editorCommands.showRun, lastRun.directory)] : []),
  ];
}
