/** Names that package.json contributes and the code refers to. */
export const languageId = 'pocketflow';

/** What the language's files are called. */
export const configGlob = '**/{.pocketflow,*.pocketflow}.{yaml,yml}';

export const commandIds = {
  run: 'pocketflow.runCompression',
  stop: 'pocketflow.stopCompression',
  resume: 'pocketflow.resumeCompression',
  showResult: 'pocketflow.showResult',
  openLog: 'pocketflow.openLog',
} as const;

export const viewTypes = { result: 'pocketflow.result' } as const;

/** For `when` clauses. */
export const contextKeys = { running: 'pocketflow.running' } as const;
