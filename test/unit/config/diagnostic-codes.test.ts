import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnosticCodes, documentationOf, type DiagnosticCode } from '../../../src/config/diagnostic-codes';
import { loadConfig } from '../../../src/config/load';
import { parseConfig } from '../../../src/config/parse';
import { ConfigError } from '../../../src/config/problem';
import { temporaryFolder } from '../../support/temporary-folder';

const head = 'model: lenet\ndataset: mnist\n';
const small = `${head}target: { flops: 0.5 }\n`;

/** Those that need a look at files or at the model; the latter are tested with the language. */
type OfSurroundings =
  'missing-file' | 'wrong-file-kind' | 'unknown-layer' | 'overridden-layer' | 'unreachable-target' | 'impossible-stage';

/** For each code a config that raises it, and the nearest one that does not. */
const cases: Record<Exclude<DiagnosticCode, OfSurroundings>, [wrong: string, right: string]> = {
  'yaml-syntax': [`${head}target: { flops: 0.5\n`, small],
  'duplicate-key': [`${small}model: lenet`, small],
  'unresolved-alias': [`${small}training: *t`, `${small}training: &t { epochs: 1 }\nbaseline: *t`],
  'file-too-large': [`${small}# ${'x'.repeat(200_001)}`, `${small}${'# x\n'.repeat(10_000)}`],
  'empty-config': ['# nothing', small],
  'unknown-version': [`version: 2\n${small}`, `version: 1\n${small}`],
  'unknown-key': [`${small}quux: 1`, small],
  'misplaced-key': [`${small}epochs: 1`, `${small}training: { epochs: 1 }`],
  'missing-key': ['model: lenet\ntarget: { flops: 0.5 }', small],
  'wrong-type': [`${head}target: { flops: 50% }`, small],
  'invalid-value': [`${small}training: { optimizer: sdg }`, `${small}training: { optimizer: sgd }`],
  'out-of-range': [`${head}target: { flops: 50 }`, small],
  'conflicting-keys': [`${head}target: { flops: 0.5, params: 0.5 }`, small],
  'inconsistent-values': [
    `${small}training: { epochs: 1, warmupEpochs: 2 }`,
    `${small}training: { epochs: 2, warmupEpochs: 1 }`,
  ],
  'inapplicable-key': [
    `${small}training: { optimizer: adam, momentum: 0.9 }`,
    `${small}training: { optimizer: sgd, momentum: 0.9 }`,
  ],
  'unknown-model': [`model: letne\ndataset: mnist\ntarget: { flops: 0.5 }`, small],
  'option-of-other-learner': [`${small}options: { exponent: 3 }`, `${small}options: { samples: 100 }`],
  'target-not-for-learner': [`${head}learner: channel\ntarget: { sparsity: 0.5 }`, small],
  'missing-target': [head, `${head}layers: { conv1: { keep: 0.5 } }`],
  'no-teacher': [`${small}baseline: { distillation: true }`, `${small}training: { distillation: true }`],
};

describe.each(Object.entries(cases))('%s', (code, [wrong, right]) => {
  it('is raised, and alone', () => {
    const { problems } = parseConfig(wrong);
    expect(new Set(problems.map((problem) => problem.code))).toEqual(new Set([code]));
    expect(problems[0]?.severity).toBe(diagnosticCodes[code as DiagnosticCode].severity);
  });

  it('is not raised beside it', () => {
    expect(parseConfig(right).problems).toEqual([]);
  });
});

it('codes of files are raised for what is missing or of another kind, and only then', async () => {
  const folder = temporaryFolder();
  const codesOf = async (model: string): Promise<string[]> => {
    const path = join(folder, '.pocketflow.yaml');
    writeFileSync(path, `model: ${model}\ndataset: mnist\ntarget: { flops: 0.5 }`);
    const error: unknown = await loadConfig(path).catch((reason: unknown) => reason);
    return error instanceof ConfigError ? error.problems.map(({ code }) => code) : [];
  };
  mkdirSync(join(folder, 'net.onnx'));
  writeFileSync(join(folder, 'lenet.onnx'), '');
  expect(await codesOf('./nothing.onnx')).toEqual(['missing-file']);
  expect(await codesOf('./net.onnx')).toEqual(['wrong-file-kind']);
  expect(await codesOf('./lenet.onnx')).toEqual([]);
});

it('every code has a place in the documentation that links lead to', async () => {
  const text = await readFile('docs/diagnostics.md', 'utf8');
  for (const code of Object.keys(diagnosticCodes) as DiagnosticCode[]) {
    const [file, anchor] = documentationOf(code).split('#');
    expect(file).toBe('docs/diagnostics.md');
    expect(text).toContain(`\n## ${anchor}\n`);
  }
});
