/** An error keeps a config from running; a warning marks what is probably not meant. */
export type Severity = 'error' | 'warning';

export interface DiagnosticKind {
  readonly severity: Severity;
  /** A heading, in a few words. */
  readonly title: string;
  /** One paragraph of Markdown: what it means, why it matters, how to mend it. */
  readonly explanation: string;
}

/**
 * Everything that can be wrong with a config, by the code that problems carry in the editor, on the command line and in
 * docs/diagnostics.md, which is made of this table. A code is for good: people search for it and filter by it.
 */
export const diagnosticCodes = {
  'yaml-syntax': {
    severity: 'error',
    title: 'Not valid YAML',
    explanation:
      'The text breaks a rule of YAML, so nothing further can be said of it. Most often a bracket or quote is not closed, a line is indented with a tab or by too little, or two `:` stand on one line.',
  },
  'duplicate-key': {
    severity: 'error',
    title: 'A key stands twice in one map',
    explanation:
      'YAML allows each key once in a map, and which of the two values is meant cannot be told. Remove one of them, or merge what is below them.',
  },
  'unresolved-alias': {
    severity: 'error',
    title: 'An alias leads nowhere',
    explanation:
      'An alias `*name` repeats what was marked `&name` further up. Either there is no such anchor above it, or aliases of aliases multiply beyond what a config can need.',
  },
  'file-too-large': {
    severity: 'error',
    title: 'The file is far too large for a config',
    explanation:
      'A config has some lines, not 200,000 characters, nor 10,000 on one line. Probably this is another file.',
  },
  'empty-config': {
    severity: 'error',
    title: 'The config is empty',
    explanation: 'A config needs at least `model`, `dataset` and `target`.',
  },
  'unknown-version': {
    severity: 'error',
    title: 'Written for another version of the format',
    explanation:
      '`version` says which version of the config format a file is written in. Older versions are brought up to date as they are read; a newer one needs a newer PocketFlow. Without the key, a config is of the present version.',
  },
  'unknown-key': {
    severity: 'error',
    title: 'There is no such key',
    explanation:
      'Keys are checked strictly, because a mistyped one would otherwise be left out of the run without a word. The message names the key that was probably meant, or those that are known in this place; docs/configuration.md lists them all.',
  },
  'misplaced-key': {
    severity: 'error',
    title: 'The key belongs in another map',
    explanation: 'The key exists, but one level deeper: `epochs` for instance is part of `training`. Move it there.',
  },
  'missing-key': {
    severity: 'error',
    title: 'A required key is missing',
    explanation:
      'This map cannot do without the key that the message names. It says how the key looks when it is right.',
  },
  'wrong-type': {
    severity: 'error',
    title: 'A value of another type is needed',
    explanation:
      'For instance text where a number is needed, or one value where a map is. Numbers stand without quotes, shares as fractions (`0.5`, not `50%`), and booleans as `true` or `false`.',
  },
  'invalid-value': {
    severity: 'error',
    title: 'The value is none of those allowed',
    explanation: 'The key takes certain values only; the message lists them, or names the one that was probably meant.',
  },
  'out-of-range': {
    severity: 'error',
    title: 'A number, text or list is too large or too small',
    explanation:
      'The value lies outside the range in which the setting makes sense. Shares go from 0 to 1: for 50 % write `0.5`.',
  },
  'conflicting-keys': {
    severity: 'error',
    title: "Keys don't go together",
    explanation:
      'Two keys of a map say different things of the same matter, such as a model from the zoo and a model file at once, a `learner` beside `stages`, or `skip: true` beside `keep`. Keep one of them.',
  },
  'inconsistent-values': {
    severity: 'error',
    title: 'Values contradict each other',
    explanation:
      'Each value is allowed, but not beside the others: an end that comes before its beginning, a warm-up longer than the training, milestones out of order.',
  },
  'inapplicable-key': {
    severity: 'error',
    title: 'The key means nothing here',
    explanation:
      'The key is for another choice than the one made beside it: `momentum` is for SGD, `milestones` for the schedule `step`, `width` for MobileNets, `keep` for learners that remove channels. It would do nothing, which is probably not what was meant: remove it, or change the choice.',
  },
  'unknown-model': {
    severity: 'error',
    title: 'There is no such model in the zoo',
    explanation:
      'A `model` without a path separator or an extension is the name of an architecture in the zoo. To name a file, write its path with the extension, like `./resnet20.onnx`.',
  },
  'option-of-other-learner': {
    severity: 'error',
    title: 'An option of another learner',
    explanation:
      "Each learner has options of its own, and this one belongs to another learner than the stage's. Change the `learner`, or remove the option; docs/configuration.md lists each learner's options.",
  },
  'target-not-for-learner': {
    severity: 'error',
    title: 'The learner cannot aim at this target',
    explanation:
      'A learner can only aim at what it changes: removing channels saves FLOPs, parameters and bytes; sparsification sets weights to zero and changes none of these. Choose a metric of the learner, or the learner for the metric.',
  },
  'missing-target': {
    severity: 'error',
    title: 'It is not said how small the model has to be',
    explanation:
      'A learner that compresses needs a `target`, unless entries under `layers` decide for the layers one by one.',
  },
  'no-teacher': {
    severity: 'error',
    title: 'Distillation without a teacher',
    explanation:
      'Distillation lets the compressed model learn from the original one. Where the original model itself is trained, as by `baseline` and by the learner `full-prec`, there is nothing to learn from.',
  },
  'missing-file': {
    severity: 'error',
    title: 'A file or folder is not there',
    explanation:
      'Paths are relative to the folder of the config; `~` stands for the home folder. The message gives the full path that was looked at.',
  },
  'wrong-file-kind': {
    severity: 'error',
    title: 'A folder where a file is needed, or a file where a folder is',
    explanation:
      'A model is one file: `.onnx`, or the `model.json` of a TensorFlow.js model, rather than the folder that it is in. A data set is a folder.',
  },
  'unknown-layer': {
    severity: 'error',
    title: 'The model has no such layer',
    explanation:
      'An entry under `layers` is for layers of the model by their names, or for several by a pattern, and this one is for none. `pocketflow inspect MODEL` lists the names.',
  },
  'overridden-layer': {
    severity: 'warning',
    title: 'An entry of which nothing counts',
    explanation:
      'Where several entries under `layers` match a layer, later ones win, key by key. Later entries match every layer of this one and set the same keys. Remove it, or move it below them.',
  },
  'unreachable-target': {
    severity: 'error',
    title: 'The model cannot become so small',
    explanation:
      'Even the smallest model that the learner may make of this one is larger than the target. The message says what can be reached; more can be where more layers are free to change, by `options` and `layers`.',
  },
  'impossible-stage': {
    severity: 'error',
    title: 'The stage cannot be done with this model',
    explanation:
      'The learner finds nothing in the model that it could compress as the config asks. The message says why, and what would help.',
  },
} as const satisfies Record<string, DiagnosticKind>;

export type DiagnosticCode = keyof typeof diagnosticCodes;

export function isDiagnosticCode(value: unknown): value is DiagnosticCode {
  return typeof value === 'string' && Object.hasOwn(diagnosticCodes, value);
}

/** Where a code is explained, relative to the folder of the product: a file and the place in it. */
export function documentationOf(code: DiagnosticCode): string {
  return `docs/diagnostics.md#${code}`;
}
