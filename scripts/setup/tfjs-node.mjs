import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { phase, say } from './report.mjs';
import { run } from './run.mjs';
import { compilers, installSystemPackages, pip } from './system-packages.mjs';
import { installTensorFlow } from './tensorflow-wheel.mjs';

const ANSWER_TIMEOUT_MS = 5_000;
const DOWNLOAD_TIMEOUT_MS = 300_000;
const RETRY_MS = 24 * 3600 * 1000;

/**
 * Makes @tensorflow/tfjs-node load: by its own installation, else built against the libraries of the TensorFlow wheel.
 * Where neither can be had the engine runs on WebAssembly, one line says why, and it is tried again on another day or
 * when asked for.
 */
export async function installTfjsNode(root, { retry = false } = {}) {
  const folder = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
  const record = join(folder, '.setup');
  const before = existsSync(record) ? readFileSync(record, 'utf8') : undefined;
  // The libraries may lie in the cache, which people empty.
  if (before === 'native' && existsSync(join(folder, 'deps', 'lib'))) return;
  if (before !== undefined && before !== 'native' && !retry && Date.now() - statSync(record).mtimeMs < RETRY_MS) {
    say(before);
    return;
  }
  const outcome = await phase('installing the native TensorFlow engine', () => install(root, folder));
  writeFileSync(record, outcome);
  if (outcome !== 'native') say(outcome);
}

async function install(root, folder) {
  if (await loads(root)) return 'native';
  const failures = [];
  for (const way of [officially, fromWheel]) {
    try {
      await way(root, folder);
      if (await loads(root)) return 'native';
      failures.push('the addon does not load');
    } catch (error) {
      failures.push(lastLine(error.message));
    }
  }
  return (
    'Running on WebAssembly, which is slower: the native TensorFlow engine could not be installed ' +
    `(${failures.join('; ')}). To try again: npm run setup`
  );
}

async function officially(root, folder) {
  const { HTTPS_PROXY, https_proxy: httpsProxy, PATH } = process.env;
  if (!HTTPS_PROXY && !httpsProxy && !(await answers(downloadHost(folder))))
    throw new Error('its download host does not answer');
  await run(process.execPath, ['scripts/install.js'], {
    cwd: folder,
    timeout: DOWNLOAD_TIMEOUT_MS,
    // It calls node-pre-gyp by name, as npm lets it.
    env: { PATH: [join(root, 'node_modules', '.bin'), PATH].join(delimiter) },
  });
}

/** Where the package's own installation fetches TensorFlow from: the package says it, unless it is told otherwise. */
function downloadHost(folder) {
  const { binary } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return process.env.TFJS_NODE_CDN_STORAGE ?? new URL(binary.host).origin;
}

/** A closed network may leave a connection open for minutes, which the installation would wait for. */
function answers(url) {
  return fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }).then(
    () => true,
    () => false,
  );
}

async function fromWheel(root, folder) {
  await installSystemPackages([...compilers, pip]);
  const tensorflow = await installTensorFlow();
  const deps = join(folder, 'deps');
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(deps);
  for (const part of ['include', 'lib']) symlinkSync(join(tensorflow, part), join(deps, part), 'dir');
  // Node's own headers, where they came with it: the build would fetch them otherwise.
  const prefix = dirname(dirname(process.execPath));
  const nodedir = existsSync(join(prefix, 'include', 'node', 'node.h')) ? [`--nodedir=${prefix}`] : [];
  const nodePreGyp = join(root, 'node_modules', '@mapbox', 'node-pre-gyp', 'bin', 'node-pre-gyp');
  await run(process.execPath, [nodePreGyp, 'install', '--build-from-source', ...nodedir], { cwd: folder });
}

/** Tried in a process of its own, since an addon that fails may take the process with it. */
function loads(root) {
  // Node 23 took these away, and tfjs-node asks for them.
  const shim = 'const util=require("util");util.isNullOrUndefined??=(v)=>v==null;util.isArray??=Array.isArray;';
  return run(process.execPath, ['-e', `${shim}require("@tensorflow/tfjs-node")`], { cwd: root }).then(
    () => true,
    () => false,
  );
}

function lastLine(text) {
  return text.trim().split('\n').at(-1).slice(0, 200);
}
