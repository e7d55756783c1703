// Writes what is derived from the config language: docs/configuration.md, docs/diagnostics.md, the JSON schema
// and the grammar.
import { build } from 'esbuild';
import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

const root = new URL('..', import.meta.url);

const { outputFiles } = await build({
  stdin: {
    contents: `export { configReference } from './src/config/reference';
               export { configJsonSchema } from './src/config/json-schema';
               export { diagnosticsReference } from './src/config/diagnostics-reference';
               export { configGrammar } from './src/config/grammar';`,
    resolveDir: root.pathname,
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
  logLevel: 'error',
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { configReference, configJsonSchema, configGrammar, diagnosticsReference } = await import(
  `data:text/javascript;base64,${code}`
);

await write('docs/configuration.md', configReference());
await write('docs/diagnostics.md', diagnosticsReference());
await write('syntaxes/pocketflow.schema.json', JSON.stringify(configJsonSchema()));
await write('syntaxes/pocketflow.tmLanguage.json', JSON.stringify(configGrammar()));

async function write(path, text) {
  const url = new URL(path, root);
  const options = await resolveConfig(url);
  await writeFile(url, await format(text, { ...options, filepath: url.pathname }));
  console.log(`wrote ${path}`);
}
