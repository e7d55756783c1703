import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parse';

const head = 'model: lenet\ndataset: mnist\n';
const small = 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n';

/** Each problem as `line:column message`. */
function problemsOf(text: string): string[] {
  return parseConfig(text).problems.map(({ range, message }) => `${range.start.line}:${range.start.column} ${message}`);
}

describe('a good config', () => {
  it('needs three lines', () => {
    const { config, problems } = parseConfig(small);
    expect(problems).toEqual([]);
    expect(config).toMatchObject({ model: 'lenet', dataset: 'mnist', target: { flops: 0.5 }, compute: { seed: 0 } });
  });

  it('may use anchors', () => {
    const text = `${head}stages:\n  - target: { flops: 0.5 }\n    training: &t { epochs: 1 }\n  - target: { sparsity: 0.5 }\n    training: *t\n`;
    expect(parseConfig(text).config?.stages?.[1]?.training).toEqual({ epochs: 1 });
  });

  it('may begin with a byte order mark and end its lines with CR LF', () => {
    expect(problemsOf(`\uFEFF${small.replaceAll('\n', '\r\n')}`)).toEqual([]);
  });

  it('may leave the target to the layers', () => {
    expect(problemsOf(`${head}layers: { conv1: { keep: 0.5 } }`)).toEqual([]);
    expect(problemsOf(`${head}learner: weight-sparse\nlayers: { conv1: { sparsity: 0.5 } }`)).toEqual([]);
  });
});

describe('one thing wrong gives one problem, at its place', () => {
  const cases: [what: string, text: string, problem: string][] = [
    [
      'a search for what has no ratios',
      `${head}target: { bits: 8 }\nratios: auto`,
      '4:1 ratios can be searched for `channel` and `weight-sparse`, not for `uniform`: remove `ratios`',
    ],
    [
      'a search without a target',
      `${head}layers: { conv1: { keep: 0.5 } }\nratios: auto`,
      '4:1 a search shares out a target among the layers: set `target`',
    ],
    [
      'search options where nothing is searched',
      `${small}ratios: uniform\nsearch: { trials: 5 }`,
      '5:1 `search` needs `ratios: auto`: set that, or remove `search`',
    ],
    ['percent', `${head}target: { flops: 50 }`, '3:18 `flops` must be between 0 and 1, not 50: for 50 % write 0.5'],
    ['percent as text', `${head}target: { flops: 50% }`, '3:18 `flops` must be a number, not "50%": write 0.5'],
    [
      'a teacher that knows nothing',
      `${small}training: { distillation: { teacher: resnet56 } }`,
      '4:38 a teacher needs weights: give the path of a model file, or `zoo` with `weights`',
    ],
    ['zero', `${head}target: { flops: 0 }`, '3:18 `flops` must be more than 0, not 0'],
    ['quoted number', `${small}training: { epochs: "3" }`, '4:21 `epochs` must be a number, not "3": write 3'],
    ['comma', `${head}target: { flops: "0,5" }`, '3:18 `flops` must be a number, not "0,5": write 0.5'],
    ['infinity', `${head}target: { flops: .inf }`, '3:18 `flops` must be a number, not Infinity'],
    ['unknown key', `${small}traning: {}`, '4:1 there is no key `traning`: did you mean `training`?'],
    [
      'initials',
      `${small}training: { lr: 1 }`,
      '4:13 there is no key `lr` in `training`: did you mean `learningRate`?',
    ],
    [
      'snake case',
      `${small}training: { batch_size: 8 }`,
      '4:13 there is no key `batch_size` in `training`: did you mean `batchSize`?',
    ],
    ['key one level too high', `${small}epochs: 3`, '4:1 there is no key `epochs`: it belongs under `training`'],
    [
      'typo one level too high',
      `${small}epoch: 3`,
      '4:1 there is no key `epoch`: did you mean `epochs`, which belongs under `training`?',
    ],
    [
      'a word that is nothing like a key',
      `${small}target: { quux: 3 }`.replace('target: { flops: 0.5 }\n', ''),
      '3:11 there is no key `quux` in `target`; known: `flops`, `params`, `bytes`, `sparsity` and `bits`',
    ],
    [
      'unknown target',
      `${head}target: { flop: 0.5 }`,
      '3:11 there is no key `flop` in `target`: did you mean `flops`?',
    ],
    [
      'two targets',
      `${head}target: { flops: 0.5, params: 0.5 }`,
      '3:9 `target` needs exactly one of `flops`, `params`, `bytes`, `sparsity` and `bits`',
    ],
    [
      'bare target',
      `${head}target: 0.5`,
      '3:9 `target` must be a map, not 0.5: write for instance `target: { flops: 0.5 }`',
    ],
    ['empty target', `${head}target:`, '3:1 `target` is empty: it must be a map, like `target: { flops: 0.5 }`'],
    [
      'no data set',
      'model: lenet\ntarget: { flops: 0.5 }',
      '1:1 `dataset` is missing: write for instance `dataset: cifar10`',
    ],
    [
      'no target',
      head,
      '1:1 `target` is missing: say how small the model has to be, `target: { flops: 0.5 }` keeps half of the FLOPs',
    ],
    ['enum typo', `${small}training: { optimizer: sdg }`, '4:24 `optimizer` can\'t be "sdg": did you mean `sgd`?'],
    ['yes', `${small}training: { nesterov: yes }`, '4:23 `nesterov` must be true or false, not "yes": write true'],
    [
      'item of a list',
      `${small}output: { formats: [onnx, tflite] }`,
      '4:27 item 2 of `formats` can\'t be "tflite": it must be one of `onnx`, `tfjs` and `packed`',
    ],
    ['empty list', `${small}output: { formats: [] }`, '4:20 `formats` needs at least 1 value, not 0'],
    [
      'newer version',
      `version: 2\n${small}`,
      "1:10 `version` can't be 2, the latest is 1: this config is written for a newer PocketFlow: update it, or write `version: 1`",
    ],
    ['a list', '- model: lenet', '1:1 the config must be a map, not a list'],
  ];
  it.each(cases)('%s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe('a choice of forms: the problem is about the form that was meant', () => {
  const target = '\ntarget: { flops: 0.5 }';
  const cases: [what: string, text: string, problem: string][] = [
    [
      'zoo typo',
      `model: resnt20\ndataset: cifar10${target}`,
      '1:8 there is no model "resnt20" in the zoo: did you mean `resnet20`? A file is written with its extension, like `./resnt20.onnx`',
    ],
    [
      'zoo typo in a map',
      `model: { zoo: resnt20 }\ndataset: cifar10${target}`,
      '1:15 `zoo` can\'t be "resnt20": did you mean `resnet20`?',
    ],
    [
      'key of a zoo model',
      `model: { zoo: lenet, wieghts: a.onnx }\ndataset: mnist${target}`,
      '1:22 there is no key `wieghts` in `model`: did you mean `weights`?',
    ],
    [
      'both forms',
      `model: { zoo: lenet, path: a.onnx }\ndataset: mnist${target}`,
      "1:1 `zoo` and `path` don't go together: keep one of them",
    ],
    ['neither form', `model: lenet\ndataset: { validation: 100 }${target}`, '2:1 `dataset` needs `name` or `folder`'],
    [
      'value in a form',
      `model: lenet\ndataset: { name: mnist, limit: 0 }${target}`,
      '2:32 `limit` must be more than 0, not 0',
    ],
    [
      'data set typo',
      `model: lenet\ndataset: mnits${target}`,
      '2:10 `dataset` can\'t be "mnits": did you mean `mnist`?',
    ],
    [
      'folder without its key',
      `model: lenet\ndataset: ./photos${target}`,
      '2:10 `dataset` can\'t be "./photos": it must be one of `mnist`, `fashion-mnist` and `cifar10`; for images of your own write `dataset: { folder: ./photos }`',
    ],
    [
      'neither a word nor a number',
      `${small}compute: { threads: all }`,
      '4:21 `threads` can\'t be "all": it must be `auto` or a number',
    ],
    ['number out of range', `${small}compute: { threads: 0 }`, '4:21 `threads` must be at least 1, not 0'],
    [
      'number for a map',
      `${small}training: { distillation: 4 }`,
      '4:27 `distillation` must be true or false or a map, not 4: write for instance `distillation: { weight: 0.25, temperature: 4 }`',
    ],
    [
      'inside the map',
      `${small}training: { distillation: { weight: -1 } }`,
      '4:37 `weight` must be at least 0, not -1',
    ],
    [
      'share or count',
      `model: lenet\ndataset: { name: mnist, validation: 1.5 }${target}`,
      '2:37 `validation` must be a whole number of samples, or a share between 0 and 1',
    ],
  ];
  it.each(cases)('%s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe('fields that contradict each other', () => {
  const cases: [what: string, text: string, place: string, words: RegExp][] = [
    ['sparsity for channel', `${head}learner: channel\ntarget: { sparsity: 0.5 }`, '4:11', /`learner: weight-sparse`/],
    ['flops for weight-sparse', `${head}learner: weight-sparse\ntarget: { flops: 0.5 }`, '4:11', /use `sparsity`/],
    ['target for full-prec', `${head}learner: full-prec\ntarget: { flops: 0.5 }`, '4:1', /does not compress/],
    ['options for full-prec', `${head}learner: full-prec\noptions: { end: 1 }`, '4:1', /has no options/],
    [
      'options of another learner',
      `${small}options: { exponent: 3 }`,
      '4:12',
      /option of `weight-sparse`, not of `channel`/,
    ],
    ['option out of range', `${small}options: { samples: 1 }`, '4:21', /at least 16/],
    [
      'schedule that ends before it begins',
      `${head}target: { sparsity: 0.5 }\noptions: { begin: 0.4, end: 0.3 }`,
      '4:29',
      /later than `begin`/,
    ],
    [
      'learner beside stages',
      `${head}learner: channel\nstages: [{ target: { flops: 0.5 } }]`,
      '3:1',
      /beside `stages`/,
    ],
    [
      'stage without a target',
      `${head}stages: [{ target: { flops: 0.5 } }, { learner: channel }]`,
      '3:38',
      /`target` is missing/,
    ],
    [
      'keep without channel',
      `${head}target: { sparsity: 0.5 }\nlayers: { fc: { keep: 0.5 } }`,
      '4:17',
      /for the learner `channel`/,
    ],
    ['skip and keep', `${small}layers: { fc: { keep: 0.5, skip: true } }`, '4:28', /remove it, or `keep`/],
    ['momentum for Adam', `${small}training: { optimizer: adam, momentum: 0.9 }`, '4:30', /for sgd/],
    ['milestones without step', `${small}training: { milestones: [0.5] }`, '4:13', /`schedule: step`/],
    ['milestones out of order', `${small}training: { schedule: step, milestones: [0.5, 0.4] }`, '4:41', /must rise/],
    [
      'warm-up longer than training',
      `${small}training: { epochs: 1, warmupEpochs: 2 }`,
      '4:38',
      /not be more than the 1/,
    ],
    ['distillation for a baseline', `${small}baseline: { distillation: true }`, '4:13', /nothing to distil from/],
    [
      'width of a LeNet',
      'model: { zoo: lenet, width: 2 }\ndataset: mnist\ntarget: { flops: 0.5 }',
      '1:22',
      /for MobileNets/,
    ],
    [
      'normalization of another depth',
      'model: lenet\ndataset: { name: mnist, normalization: { mean: [0, 0, 0], std: [1] } }\ntarget: { flops: 0.5 }',
      '2:48',
      /mnist has 1/,
    ],
  ];
  it.each(cases)('%s', (_, text, place, words) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(words);
    expect(problems[0]?.split(' ')[0]).toBe(place);
  });
});

describe('text that is no config', () => {
  const cases: [what: string, text: string, place: string, words: RegExp][] = [
    ['empty', '', '1:1', /empty/],
    ['a comment', '# nothing\n', '1:1', /empty/],
    ['a tab', 'model: lenet\ntraining:\n\tepochs: 3\n', '3:1', /spaces/],
    ['a key twice', `${small}model: lenet`, '4:1', /there already/],
    ['two documents', `${small}---\nmodel: lenet`, '4:1', /second document/],
    ['an open bracket', `${head}target: { flops: 0.5\n`, '4:1', /bracket/],
    ['two colons', 'model: zoo: lenet', '1:8', /second `:`/],
    ['an unknown alias', 'model: *nothing', '1:1', /alias/],
    ['too long', `# ${'x'.repeat(1_000_001)}`, '1:1', /too large/],
  ];
  it.each(cases)('%s', (_, text, place, words) => {
    const [first] = problemsOf(text);
    expect(first).toMatch(words);
    expect(first?.split(' ')[0]).toBe(place);
  });

  it('aliases of aliases are not expanded without bound', () => {
    const bomb = ['a0: &a0 [x, x]', ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)];
    expect(problemsOf(bomb.join('\n'))[0]).toMatch(/alias/);
  });

  it('nesting without bound is refused, not a crash', () => {
    expect(problemsOf('['.repeat(100_000))).not.toEqual([]);
  });

  it('a config cut at any character still gives problems with a place, or a config', () => {
    const text = `${small}layers:\n  "conv*": { keep: 0.5 }\ntraining: { epochs: 3, milestones: [0.5] }\n`;
    for (let length = 0; length < text.length; length++) {
      const { config, problems } = parseConfig(text.slice(0, length));
      expect(config !== undefined || problems.length > 0, `cut at ${length}`).toBe(true);
      for (const { range } of problems) expect(range.start.line).toBeGreaterThan(0);
    }
  });
});

it('problems come in the order of the text', () => {
  const problems = problemsOf(`model: 3\ndataset: mnist\ntarget: { flops: 2 }\nfoo: 1`);
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['1:8', '3:18', '4:1']);
});

it('says what to put in place of a mistyped key', () => {
  const [problem] = parseConfig(`${small}layer: {}`).problems;
  expect(problem).toMatchObject({ replacement: 'layers', range: { start: { offset: small.length } } });
  expect(problem?.range.end.offset).toBe(small.length + 'layer'.length);
});

it('locates paths that are not there at the nearest thing above them', () => {
  const { locate } = parseConfig(small);
  expect(locate(['target', 'params']).start).toMatchObject({ line: 3, column: 1 });
  expect(locate(['nothing', 'at', 'all']).start).toMatchObject({ line: 1, column: 1 });
});
