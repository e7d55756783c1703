import {
  ProcessExecution,
  Task,
  TaskGroup,
  tasks,
  Uri,
  workspace,
  type Disposable,
  type TaskDefinition,
  type WorkspaceFolder,
} from 'vscode';
import type { Cli } from '../cli';
import { configGlob, taskType } from '../ids';

/** What stands in tasks.json. */
interface CompressTask extends TaskDefinition {
  /** Path of the config, relative to the workspace folder. */
  readonly config: string;
  readonly dryRun?: boolean;
}

/** Offers a task for each config, so that compressions can be part of a build. */
export function registerTasks(cli: Cli): Disposable {
  return tasks.registerTaskProvider(taskType, {
    provideTasks: async () => {
      const configs = await workspace.findFiles(configGlob, '**/node_modules/**');
      return configs.flatMap((uri) => {
        const folder = workspace.getWorkspaceFolder(uri);
        const config = workspace.asRelativePath(uri, false);
        return folder ? [makeTask(cli, folder, { type: taskType, config })] : [];
      });
    },
    resolveTask: ({ definition, scope }) => {
      const folder = typeof scope === 'object' ? scope : workspace.workspaceFolders?.[0];
      return isCompressTask(definition) && folder ? makeTask(cli, folder, definition) : undefined;
    },
  });
}

function isCompressTask(definition: TaskDefinition): definition is CompressTask {
  return typeof definition['config'] === 'string';
}

function makeTask(cli: Cli, folder: WorkspaceFolder, definition: CompressTask): Task {
  const path = Uri.joinPath(folder.uri, definition.config).fsPath;
  const args = ['-C', folder.uri.fsPath, 'compress', path, ...(definition.dryRun ? ['--dry-run'] : [])];
  const name = `compress ${definition.config}${definition.dryRun ? ' (dry run)' : ''}`;
  const execution = new ProcessExecution(cli.nodePath, [cli.path, ...args], {
    cwd: folder.uri.fsPath,
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
  const task = new Task(definition, folder, name, taskType, execution, '$pocketflow');
  task.group = TaskGroup.Build;
  task.detail = 'PocketFlow: compress as the config says';
  return task;
}
