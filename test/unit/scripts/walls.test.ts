import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const eslint = new ESLint();

describe('the rooms keep their walls', () => {
  it.each([
    ['src/engine/compress.ts', 'vscode'],
    ['src/cli/main.ts', '../extension/extension'],
    ['src/config/parse.ts', '@tensorflow/tfjs-core'],
    ['src/extension/extension.ts', '@tensorflow/tfjs-node'],
    ['src/engine/training/train.ts', '../runtime/tfjs/tfjs-executor'],
    ['src/engine/runtime/select.ts', '@tensorflow/tfjs-node'],
    ['src/engine/runtime/tfjs/tfjs-executor.ts', 'vscode'],
    ['src/engine/graph/cost.ts', '../learners/learner'],
    ['src/engine/graph/cost.ts', '../../config/schema'],
  ])('%s may not import %s', async (path, imported) => {
    expect(await restrictions(path, imported)).toHaveLength(1);
  });

  it.each([
    ['src/extension/extension.ts', 'vscode'],
    ['src/engine/runtime/tfjs/tfjs-executor.ts', '@tensorflow/tfjs-core'],
    ['src/engine/runtime/select.ts', './tfjs/tfjs-executor'],
    ['src/engine/graph/cost.ts', './shape'],
  ])('%s may import %s', async (path, imported) => {
    expect(await restrictions(path, imported)).toEqual([]);
  });
});

async function restrictions(filePath: string, imported: string) {
  const [result] = await eslint.lintText(`import '${imported}';\n`, { filePath });
  return result.messages.filter(({ ruleId }) => ruleId === 'no-restricted-imports');
}
