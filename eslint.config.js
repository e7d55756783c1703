import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The rooms' walls: which imports a folder may not have, and why. */
const wall = (files, group, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.pocketflow/', 'test/e2e/output/', 'test/e2e/node_modules/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['src/engine/**/*.ts', 'src/config/**/*.ts', 'src/runs/**/*.ts', 'src/protocol/**/*.ts'],
    rules: { 'no-console': 'error' },
  },
  wall(
    ['src/{config,protocol,runs,cli,language,server}/**/*.ts'],
    ['vscode', '**/extension/**', '@tensorflow/*'],
    "vscode is for src/extension alone, TensorFlow for the engine's runtime",
  ),
  wall(['src/extension/**/*.ts'], ['@tensorflow/*', '**/engine/runtime/**'], 'the engine runs in a process of its own'),
  wall(
    ['src/engine/!(runtime)/**/*.ts', 'src/engine/*.ts'],
    ['vscode', '**/extension/**', '@tensorflow/*', '**/runtime/tfjs/**'],
    'executors are spoken to through runtime/executor.ts',
  ),
  wall(
    ['src/engine/graph/**/*.ts'],
    [
      'vscode',
      '@tensorflow/*',
      '**/config/**',
      '**/runs/**',
      ...['data', 'formats', 'learners', 'runtime', 'training', 'zoo'].map((room) => `**/${room}/**`),
    ],
    'graph sees nothing but itself',
  ),
  wall(['src/engine/search/**/*.ts'], ['vscode', '@tensorflow/*', '**/learners/**'], 'search knows nothing of pruning'),
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
  },
  prettier,
);
