/** Commands of the editor that answers refer to; each takes the address of the config. */
export const editorCommands = {
  run: 'pocketflow.runCompression',
  dryRun: 'pocketflow.dryRun',
  /** With the folder of the run. */
  showRun: 'pocketflow.showRun',
} as const;
