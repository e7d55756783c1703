import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const engineRooms = ['data', 'distributed', 'formats', 'learners', 'runtime', 'search', 'training', 'zoo'];

/** A room's walls: what its files may not import, and why. Where two walls stand around a file, the later one holds. */
const wall = (files, group, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});
const editor = ['vscode', '**/extension/**'];
const tensorflow = ['@tensorflow/*', '**/runtime/tfjs/**'];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.pocketflow/', 'test/e2e/output/', 'test/e2e/node_modules/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
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
      // Of the rules that need types, those that find bugs.
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    // Tests may: Vitest's asymmetric matchers are `any`.
    files: ['{src,webview,bench}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
    },
  },
  {
    files: ['src/{engine,config,runs,protocol}/**/*.ts'],
    rules: { 'no-console': 'error' },
  },
  wall(
    ['src/{config,protocol,runs,cli,language,server}/**/*.ts'],
    [...editor, ...tensorflow],
    "vscode is for src/extension alone, TensorFlow for the engine's runtime",
  ),
  wall(['src/extension/**/*.ts'], ['@tensorflow/*', '**/engine/runtime/**'], 'the engine runs in a process of its own'),
  wall(
    ['src/engine/**/*.ts'],
    [...editor, ...tensorflow],
    'the engine knows no editor, and executors are spoken to through runtime/executor.ts',
  ),
  wall(['src/engine/runtime/*.ts'], [...editor, '@tensorflow/*'], 'TensorFlow is for runtime/tfjs alone'),
  wall(['src/engine/runtime/tfjs/**/*.ts'], editor, 'the engine knows no editor'),
  wall(
    ['src/engine/search/**/*.ts'],
    [...editor, ...tensorflow, '**/learners/**'],
    'search knows nothing of what it tunes',
  ),
  wall(
    ['src/engine/graph/**/*.ts'],
    [
      ...editor,
      '@tensorflow/*',
      ...['cli', 'config', 'language', 'protocol', 'runs', 'server'].map((room) => `**/${room}/**`),
      ...engineRooms.map((room) => `**/${room}/**`),
    ],
    'graph sees nothing but itself',
  ),
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
  },
  prettier,
);
