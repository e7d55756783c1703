/** Names that package.json contributes and the code refers to. */
export const languageId = 'pocketflow';

/** What the language's files are called. */
export const configGlob = '**/{.pocketflow,*.pocketflow}.{yaml,yml}';

export const commandIds = {
  newConfig: 'pocketflow.newConfig',
  run: 'pocketflow.runCompression',
  dryRun: 'pocketflow.dryRun',
  stop: 'pocketflow.stopCompression',
  resume: 'pocketflow.resumeCompression',
  showResult: 'pocketflow.showResult',
  exportModel: 'pocketflow.exportModel',
  openLog: 'pocketflow.openLog',
  doctor: 'pocketflow.doctor',
  deleteRun: 'pocketflow.deleteRun',
  revealRun: 'pocketflow.revealRun',
  openConfig: 'pocketflow.openConfig',
  restartLanguage: 'pocketflow.restartLanguageServer',
  showRun: 'pocketflow.showRun',
  showLayers: 'pocketflow.showLayers',
  showSearch: 'pocketflow.showSearch',
  toggleHeatmap: 'pocketflow.toggleHeatmap',
} as const;

export const viewTypes = {
  result: 'pocketflow.result',
  layers: 'pocketflow.layers',
  search: 'pocketflow.search',
} as const;

/** Views of model files. */
export const editorIds = { onnx: 'pocketflow.onnxModel', tfjs: 'pocketflow.tfjsModel' } as const;

export const viewIds = { runs: 'pocketflow.runs' } as const;

/** For `when` clauses. */
export const contextKeys = {
  /** This window has a run under way. */
  running: 'pocketflow.running',
  /** A run is going, whoever has started it. */
  working: 'pocketflow.working',
  resumable: 'pocketflow.resumable',
  hasRuns: 'pocketflow.hasRuns',
  /** A run has searched. */
  hasSearches: 'pocketflow.hasSearches',
  /** A run has written a model. */
  hasModels: 'pocketflow.hasModels',
} as const;

/** Sections of the settings. */
export const settings = { heatmap: 'pocketflow.heatmap' } as const;

export const taskType = 'pocketflow';
