import { ConfigurationTarget, workspace } from 'vscode';
import { settings } from '../ids';

/** "Toggle Heatmap": for every window, as the setting does. */
export async function toggleHeatmap(): Promise<void> {
  const configuration = workspace.getConfiguration(settings.heatmap);
  const enabled = configuration.get<boolean>('enabled', true);
  const { workspaceValue } = configuration.inspect<boolean>('enabled') ?? {};
  const target = workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  await configuration.update('enabled', !enabled, target);
}
