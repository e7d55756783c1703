import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Position } from 'vscode-languageserver-protocol/node';
import { writeModel } from '../src/engine/formats/write-model';
import { GraphBuilder } from '../src/engine/graph/builder';
import type { Graph } from '../src/engine/graph/graph';
import { LspClient, type Server } from './support/lsp-client';
import { median } from './support/median';

/**
 * The language server against yaml-language-server with the JSON schema that is made of ours: a config of 2,000 lines
 * with an override for each of the 300 layers of a model, over pipes, as an editor speaks to them. Every question comes
 * right after a key stroke in a random override, so that no answer was there before. Times are as an editor waits, p99 and median;
 * those of diagnostics take in the pause for the next key, and ours the layers looked up in the model file.
 */
const LAYERS = 300;
const LINES = 2000;
const REPETITIONS = 3;
const STROKES = 100;
/** Longer than the peer waits for the next key. */
const PAUSE_MS = 250;

// As it ships: minified. The model is read by the worker beside it.
const server = resolve('dist/bench-server.cjs');
execFileSync(resolve('node_modules/.bin/esbuild'), [
  'dist/server.cjs',
  '--minify',
  '--log-level=error',
  `--outfile=${server}`,
]);

/** `start`: from the start of the process to the first diagnostics. */
type Times = Readonly<Record<string, number>>;
const measures = [
  ...['completion', 'hover', 'diagnostics'].flatMap((name) => [`${name}-p99`, `${name}-median`]),
  'start',
];

const folder = await mkdtemp(join(tmpdir(), 'pocketflow-bench-'));
try {
  await writeModel(chain(), 'onnx', folder, 'chain');
  const path = join(folder, 'chain.pocketflow.yaml');
  const text = config();
  await writeFile(path, text);
  const uri = pathToFileURL(path).href;
  const schema = pathToFileURL(resolve('syntaxes/pocketflow.schema.json')).href;
  const ours: Server = {
    module: server,
    languageId: 'pocketflow',
    initializationOptions: { home: pathToFileURL(resolve('.')).href, trusted: true },
    settings: {},
  };
  const peer: Server = {
    module: resolve('node_modules/yaml-language-server/bin/yaml-language-server'),
    languageId: 'yaml',
    initializationOptions: {},
    settings: {
      yaml: {
        schemas: { [schema]: '*.pocketflow.yaml' },
        schemaStore: { enable: false },
        validate: true,
        hover: true,
        completion: true,
      },
    },
  };
  const runs: { ours: Times; peer: Times }[] = [];
  for (let repetition = 1; repetition <= REPETITIONS; repetition++) {
    const run = { ours: await measure(ours, uri, text), peer: await measure(peer, uri, text) };
    runs.push(run);
    process.stderr.write(`repetition ${repetition} of ${REPETITIONS}: ${JSON.stringify(run)}\n`);
  }
  const results = measures.map((name) => {
    const values = runs.map((run) => ({ ours: run.ours[name] ?? 0, peer: run.peer[name] ?? 0 }));
    return {
      name: `lsp-${name}`,
      ratio: round(median(values.map((value) => value.peer / value.ours))),
      ours: median(values.map((value) => value.ours)),
      peer: median(values.map((value) => value.peer)),
      peerName: 'yaml-language-server with the JSON schema of the config',
      unit: 'ms',
      threads: 1,
      runs: values,
    };
  });
  const size = { name: 'lsp-bundle', ours: round((await stat(server)).size / 1000), unit: 'kB' };
  process.stdout.write(`${JSON.stringify([...results, size])}\n`);
} finally {
  await rm(folder, { recursive: true });
}

async function measure(server: Server, uri: string, text: string): Promise<Times> {
  const [client, start] = await LspClient.start(server, uri, new URL('.', uri).href, text);
  try {
    // Both have read schema, model and text.
    await sleep(2000);
    const lines = text.split('\n');
    const keeps = lines.flatMap((line, at) => (line.startsWith('    keep') ? [at] : []));
    const completion: number[] = [];
    const hover: number[] = [];
    const diagnostics: number[] = [];
    for (let stroke = 0; stroke < STROKES; stroke++) {
      const line = keeps[(stroke * 89) % keeps.length] ?? 0;
      const key: Position = { line, character: 4 };
      const digit: Position = { line, character: (lines[line] ?? '').length };
      await client.edit(key, 4, 'k');
      const labels = await timed(completion, () => client.complete({ line, character: 5 }));
      if (!labels.includes('keep')) throw new Error(`completion of ${server.module}: ${labels.join()}`);
      await client.edit(key, 1, 'keep');
      const shown = await timed(hover, () => client.hover({ line, character: 6 }));
      if (!shown.includes('Share of the output channels')) throw new Error(`hover of ${server.module}: ${shown}`);
      await sleep(PAUSE_MS);
      await timed(diagnostics, async () => {
        await client.edit(digit, 0, '9');
        await client.nextDiagnostics();
      });
      await client.edit(digit, 1, '');
      await sleep(PAUSE_MS);
    }
    const summed = Object.entries({ completion, hover, diagnostics }).flatMap(([name, times]) => [
      [`${name}-p99`, p99(times)],
      [`${name}-median`, round(median(times))],
    ]);
    return { ...(Object.fromEntries(summed) as Times), start: round(start) };
  } finally {
    client.end();
  }
}

async function timed<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const answer = await work();
  times.push(performance.now() - started);
  return answer;
}

/** Of few values, the largest but one in a hundred. */
function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return round(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0);
}

/** A model of as many layers, narrow ones. */
function chain(): Graph {
  const b = new GraphBuilder('chain');
  let x = b.input([8, 8, 3]);
  for (let i = 1; i < LAYERS; i++) {
    x = b.relu(b.conv2d(x, { name: `conv${i}`, filters: 8, kernel: 3, padding: 'same' }), `relu${i}`);
  }
  return b.build(b.dense(b.globalAvgPool(x, false, 'pool'), { name: 'fc', units: 10 }));
}

function config(): string {
  const head = ['model: ./chain.onnx', 'dataset: cifar10', 'target: { flops: 0.5 }', 'layers:'];
  const entry = (name: string, i: number): string[] => [
    `  ${name}:`,
    `    # Layer ${i + 1} of ${LAYERS}, between its neighbours.`,
    `    keep: 0.${1 + (i % 9)}`,
  ];
  const names = [...Array.from({ length: LAYERS - 1 }, (_, i) => `conv${i + 1}`), 'fc'];
  const entries = names.map((name, i) => [...entry(name, i), ...(name === 'fc' ? [] : filling(i))]).flat();
  return `${[...head, ...entries].join('\n')}\n`;
}

/** Comments and blank lines that bring the whole to its length. */
function filling(i: number): string[] {
  const each = (LINES - 4 - 3 * LAYERS) / (LAYERS - 1);
  const count = Math.round((i + 1) * each) - Math.round(i * each);
  return Array.from({ length: count }, (_, j) => (j === count - 1 ? '' : `    # Found out by trial ${i * 10 + j}.`));
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
